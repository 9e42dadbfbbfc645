import { ENVIRONMENTS } from "../../../config";
import { Database } from "../../../constructs/database";
import { NETWORK } from "../../support/cluster";
import { standby } from "../../support/regions";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

/** Attributes that give what is made its name. */
const NAMES = ["alarm_name", "db_proxy_endpoint_name", "function_name", "identifier", "name"];

describe("Database", () => {
  function names(name?: string): string[] {
    const json = synthConstruct((scope) => {
      const environment = ENVIRONMENTS.production;
      new Database(scope, "database", { environment, network: NETWORK, ...(name === undefined ? {} : { name }) });
    });
    return Object.entries(json.resource ?? {})
      .flatMap(([type, ofType]) => Object.values(ofType).map((resource) => ({ type, resource })))
      .flatMap(({ type, resource }) => NAMES.map((attribute) => [type, attribute, resource[attribute] as unknown]))
      .filter(([, , value]) => typeof value === "string" && !value.startsWith("${"))
      .map((one) => one.join(" "))
      .sort();
  }

  test("begins every name with its own, so that two stand in one region", () => {
    const made = names("another");
    expect(made.length).toBeGreaterThan(30);
    expect(
      made.filter((one) => !/ (alias\/|\/aws\/(lambda|rds\/instance|rds\/proxy)\/)?another(\/|-|$)/.test(one)),
    ).toEqual([]);
    expect(names()).toEqual(made.map((one) => one.replace(/another/, "taskflow")));
  });

  test("of the secondary region's own is replicated nowhere: RDS keeps its password", () => {
    const environment = standby();
    const json = synthConstruct((scope) => {
      new Database(scope, "database", { environment, network: NETWORK });
    }, environment);
    expect(onlyResource(json, "aws_db_instance")).toMatchObject({ manage_master_user_password: true });
    expect(resourcesOf(json, "aws_secretsmanager_secret")).toEqual({});
  });
});
