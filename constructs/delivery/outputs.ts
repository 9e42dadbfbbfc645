/** What the name of every repository begins with. */
export const REPOSITORY_PREFIX = "taskflow/";

/** What other stacks may know of the image registry. */
export interface RegistryOutputs {
  /** Repository URL without a tag, by repository name (`taskflow/project-service`). */
  readonly repositoryUrls: Readonly<Record<string, string>>;
}

/**
 * Repository URL of one of the platform's services.
 *
 * @throws Error if the registry has no repository for it
 */
export function repositoryUrl(registry: RegistryOutputs, service: string): string {
  const url = registry.repositoryUrls[`${REPOSITORY_PREFIX}${service}`];
  if (url === undefined) {
    throw new Error(`the registry has no repository ${REPOSITORY_PREFIX}${service}`);
  }
  return url;
}
