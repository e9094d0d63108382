import { load as loadFor } from '#lib/server/http/load.ts';
import { finishTry } from '#lib/server/http/oauth-sign-in.ts';

export const load = loadFor(({ auth, event }) => finishTry(event, auth));
