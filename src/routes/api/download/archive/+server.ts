import type { RequestEvent } from '@sveltejs/kit';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

/** The credential may end while a large archive is sent. */
const reauthenticate =
	({ locals }: RequestEvent) =>
	async (): Promise<Auth | null> => {
		await locals.reauthorize();
		return locals.auth;
	};

export const GET = endpoint('downloadAll', ({ auth, query, services, event }) =>
	services.download.archiveAll(auth, query.albumId, reauthenticate(event))
);
export const POST = endpoint('downloadArchive', ({ auth, body, services, event }) =>
	services.download.archive(auth, body, reauthenticate(event))
);
