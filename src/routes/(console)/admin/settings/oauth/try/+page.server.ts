import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { finishTry } from '#lib/server/features/oauth/oauth-sign-in.http.ts';

export const load = loadFor(({ auth, event }) => finishTry(event, auth));
