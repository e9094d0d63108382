import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('detectPriorInstall', ({ services }) => services.install.detect());
