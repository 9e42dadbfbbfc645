import { ref, TerraformElement, Token } from "cdktf";
import type { Construct } from "constructs";

export interface EphemeralResourceProps {
  readonly type: string;
  readonly region: string;
  /** Arguments besides the region, as Terraform spells them. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * An ephemeral resource of the AWS provider: its values are in no state and no plan. cdktf 0.21 has no classes for them.
 *
 * Terraform would open it in each plan, too, and the role that plans may read no secret. Until the apply `uuid()` is
 * unknown, and Terraform opens nothing whose arguments are not known.
 */
export class EphemeralResource extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EphemeralResourceProps,
  ) {
    super(scope, id, `ephemeral.${props.type}`);
  }

  /** One of its values, for write-only arguments and other ephemeral resources alone. */
  public get(attribute: string): string {
    return Token.asString(ref(`ephemeral.${this.props.type}.${this.friendlyUniqueId}.${attribute}`, this.cdktfStack));
  }

  public override toTerraform(): object {
    const { type, region, arguments: rest } = this.props;
    return {
      ephemeral: {
        [type]: { [this.friendlyUniqueId]: { region: `\${uuid() == "" ? "" : "${region}"}`, ...rest } },
      },
    };
  }
}
