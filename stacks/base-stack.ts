import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, LocalBackend, S3Backend, type S3BackendConfig, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { type Environment, GLOBAL_NAME_SUFFIX, TERRAFORM_VERSION } from "../config";
import { RoleBoundary } from "../constructs/delivery";
import { GlobalNames } from "../constructs/global-names";
import { StatefulGuard } from "../constructs/stateful-guard";

export interface BaseStackProps {
  readonly environment: Environment;
}

/** `use_lockfile` is younger than cdktf's binding of the backend (hashicorp/terraform-cdk#3889). */
type LockedS3BackendConfig = S3BackendConfig & { readonly useLockfile: boolean };

/**
 * A stack with its state backend, the AWS provider with the platform's tags, the guard over stateful resources, and the
 * permissions boundary of every IAM role.
 * Every stack is a direct child of the App: cdktf does not order nested ones.
 */
export abstract class BaseStack extends TerraformStack {
  protected readonly environment: Environment;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id);
    this.environment = props.environment;
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    this.addBackend();
    new AwsProvider(this, "aws", {
      region: props.environment.region,
      defaultTags: [
        {
          tags: {
            project: "taskflow",
            environment: props.environment.name,
            stack: id,
            "managed-by": "terraform",
          },
        },
      ],
    });
    Aspects.of(this).add(new StatefulGuard());
    Aspects.of(this).add(new RoleBoundary());
    if (props.environment.primary !== undefined) {
      Aspects.of(this).add(new GlobalNames(GLOBAL_NAME_SUFFIX));
    }
  }

  /** `TASKFLOW_BACKEND=local` keeps the states beside the project, for rehearsals without an account. */
  protected addBackend(): void {
    if (process.env["TASKFLOW_BACKEND"] === "local") {
      this.addLocalBackend();
      return;
    }
    const backend: LockedS3BackendConfig = {
      bucket: this.environment.stateBucket,
      key: `${this.environment.name}/${this.node.id}.tfstate`,
      region: this.environment.region,
      encrypt: true,
      useLockfile: true,
    };
    new S3Backend(this, backend);
  }

  /** The path holds from the folder of any stack, so that a remote state finds it too. */
  protected addLocalBackend(): void {
    new LocalBackend(this, { path: `../../../states/${this.environment.name}/${this.node.id}.tfstate` });
  }
}
