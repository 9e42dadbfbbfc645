import { join } from "node:path";

import ts from "typescript";

/** The SDK's types of what a dashboard's JSON holds; `any` in them is given its type by the kind of the panel. */
const SOURCE = `
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as cloudwatch from "@grafana/grafana-foundation-sdk/cloudwatch";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
export interface Known {
  dashboard: dashboard.Dashboard;
  row: dashboard.RowPanel;
  panel: dashboard.Panel;
  link: dashboard.DashboardLink;
  "field config": dashboard.FieldConfigSource;
  target: prometheus.Dataquery | cloudwatch.MetricsQuery;
  "bargauge options": bargauge.Options;
  "stat options": stat.Options;
  "table options": table.Options;
  "table custom": table.FieldConfig;
  "timeseries options": timeseries.Options;
  "timeseries custom": timeseries.FieldConfig;
}
`;

/** Holds parsed JSON against the types of the Grafana Foundation SDK, fields and values of enumerations alike. */
export class SdkTypes {
  private readonly checker: ts.TypeChecker;
  private readonly known: ReadonlyMap<string, ts.Type>;

  public constructor() {
    const file = join(__dirname, "known.ts");
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      lib: ["lib.es2022.d.ts"],
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const source = ts.createSourceFile(file, SOURCE, ts.ScriptTarget.ES2022);
    const { getSourceFile, fileExists } = host;
    host.getSourceFile = (name, ...rest) => (name === file ? source : getSourceFile.call(host, name, ...rest));
    host.fileExists = (name) => name === file || fileExists.call(host, name);
    const program = ts.createProgram([file], options, host);
    this.checker = program.getTypeChecker();
    const declaration = source.statements.find(ts.isInterfaceDeclaration);
    if (declaration === undefined) {
      throw new Error("the source declares no interface");
    }
    const properties = this.checker.getTypeAtLocation(declaration).getProperties();
    this.known = new Map(properties.map((property) => [property.name, this.checker.getTypeOfSymbol(property)]));
  }

  /** Where a value differs from the type of that name, each with its path; empty if it nowhere does. */
  public problems(value: unknown, name: string, path: string = name): readonly string[] {
    const type = this.known.get(name);
    return type === undefined ? [`${path}: the SDK has no ${name}`] : this.compare(value, type, path);
  }

  private compare(value: unknown, type: ts.Type, path: string): readonly string[] {
    if (type.flags & ts.TypeFlags.Any) {
      return [];
    }
    if (type.isUnion()) {
      const tries = type.types.map((member) => this.compare(value, member, path));
      return tries.some((problems) => problems.length === 0) ? [] : closest(tries);
    }
    if (Array.isArray(value)) {
      const [item] = this.checker.isArrayType(type) ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
      return item === undefined
        ? [this.mismatch(value, type, path)]
        : value.flatMap((one, index) => this.compare(one, item, `${path}[${index}]`));
    }
    if (typeof value === "object" && value !== null) {
      return type.flags & ts.TypeFlags.Object
        ? this.compareObject(value as Readonly<Record<string, unknown>>, type, path)
        : [this.mismatch(value, type, path)];
    }
    return isScalar(value, type, this.checker) ? [] : [this.mismatch(value, type, path)];
  }

  private compareObject(value: Readonly<Record<string, unknown>>, type: ts.Type, path: string): readonly string[] {
    const anyKey = type.getStringIndexType();
    const unknown = Object.entries(value).flatMap(([key, child]) => {
      const property = type.getProperty(key);
      const childType = property ? this.checker.getTypeOfSymbol(property) : anyKey;
      return childType
        ? this.compare(child, childType, `${path}.${key}`)
        : [`${path}.${key}: the SDK has no such field`];
    });
    const missing = type
      .getProperties()
      // A method of the SDK's builders' interface, which JSON never has.
      .filter(({ flags, name }) => !(flags & (ts.SymbolFlags.Optional | ts.SymbolFlags.Method)) && !(name in value))
      .map(({ name }) => `${path}.${name}: is missing`);
    return [...unknown, ...missing];
  }

  private mismatch(value: unknown, type: ts.Type, path: string): string {
    const shown = typeof value === "object" ? "this" : JSON.stringify(value);
    return `${path}: ${shown} is no ${this.checker.typeToString(type)}`;
  }
}

/** The attempt whose first problem lies deepest, the shortest of those: a row is told from a panel by its fields. */
function closest(tries: readonly (readonly string[])[]): readonly string[] {
  const depth = ([first = ""]: readonly string[]): number => first.split(": ", 1).join("").length;
  return [...tries].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

function isScalar(value: unknown, type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isStringLiteral() || type.isNumberLiteral()) {
    return type.value === value;
  }
  if (type.flags & ts.TypeFlags.BooleanLiteral) {
    return checker.typeToString(type) === String(value);
  }
  return (
    (value === null && (type.flags & ts.TypeFlags.Null) !== 0) ||
    (typeof value === "string" && (type.flags & ts.TypeFlags.String) !== 0) ||
    (typeof value === "number" && (type.flags & ts.TypeFlags.Number) !== 0)
  );
}
