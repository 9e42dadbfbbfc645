/** Where a cluster stands: all in which the clusters of two regions differ. */
export interface Site {
  /** The stack whose output describes its mesh. */
  readonly stack: string;
  readonly region: string;
  readonly zone: string;
  /** First half of all its addresses. */
  readonly network: string;
  /**
   * Names that the public DNS tells istiod, with their addresses.
   * @default - istiod asks for none
   */
  readonly publicNames?: Readonly<Record<string, string>>;
  /**
   * Folder with the files of the Secret `cacerts`.
   * @default - istiod makes a root of its own
   */
  readonly authority?: string;
}

export const TOKYO: Site = { stack: "mesh", region: "ap-northeast-1", zone: "ap-northeast-1a", network: "10.0" };

/** Address of the node, among the private subnets as nodes' are. */
export function nodeAddress({ network }: Site): string {
  return `${network}.128.2`;
}
