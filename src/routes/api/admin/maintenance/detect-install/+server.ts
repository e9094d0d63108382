import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('detectPriorInstall', ({ services }) => services.installs.detect());
