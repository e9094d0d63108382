import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isAmbient, type Identity } from '#lib/server/platform/caller/caller.ts';
import type { Authenticator } from '#lib/server/features/sessions/index.ts';
import { createClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { classifySender, type RequestSource } from '#lib/server/platform/caller/request-site.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { toConnectionOwner, type ConnectionOwner } from './connection-owners.ts';

/** The handshake that opened a connection. */
export interface Handshake {
	readonly headers: IncomingHttpHeaders;
	readonly source: RequestSource;
}

/** Converts the headers to fetch's, so that credentials are found in the same way. */
export const toHeaders = (headers: IncomingHttpHeaders): Headers =>
	new Headers(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** Another site's page must not listen with the user's cookie (ASVS 4.4.2). */
const isForeign = ({ headers, source }: Handshake): boolean =>
	classifySender(toHeaders(headers), source.origin) === 'foreign';

/**
 * Finds the owner of a connection by the same rules as for a request, except that the query is ignored; null if there is
 * none.
 */
export async function admit(authenticator: Authenticator, handshake: Handshake): Promise<ConnectionOwner | null> {
	const identity = await identify(authenticator, handshake);
	if (!identity || (isAmbient(identity) && isForeign(handshake))) return null;
	return toConnectionOwner(identity);
}

async function identify(authenticator: Authenticator, handshake: Handshake): Promise<Identity | null> {
	const headers = toHeaders(handshake.headers);
	const clientInfo = createClientInfo(headers, handshake.source.address, randomUUID());
	try {
		return await authenticator.authenticate({ headers, query: new URLSearchParams() }, clientInfo);
	} catch (error) {
		if (error instanceof AppError && error.status === 401) return null;
		throw error;
	}
}
