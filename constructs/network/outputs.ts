/** What other stacks may know of the network. Lists are in the order of the zones in `config/platform.ts`. */
export interface NetworkOutputs {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly databaseSubnetIds: readonly string[];
}
