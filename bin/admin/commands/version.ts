import { spokenTag } from '#lib/contract/server-info/spoken-version.ts';
import { say } from '../output.ts';

/** Prints the version of Immich whose API this server implements. */
export const version = (): void => say(spokenTag);
