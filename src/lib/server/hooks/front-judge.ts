import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Container } from '#lib/server/app/container.ts';
import { toHeaders } from '#lib/server/features/realtime/index.ts';
import { ambiguousRequest, toRequestOwner, type RequestOwner } from '#lib/server/features/upstream/index.ts';
import { grants } from '#lib/server/platform/caller/authorize.ts';
import type { Auth, Identity } from '#lib/server/platform/caller/caller.ts';
import { createClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { findCredential } from '#lib/server/platform/caller/credentials.ts';
import { classifySender, type RequestSource } from '#lib/server/platform/caller/request-site.ts';
import {
	crossSiteRequest,
	missingPermission,
	passwordChangeRequired,
	unauthorized
} from '#lib/server/platform/errors.ts';

interface Judged {
	readonly request: IncomingMessage;
	readonly source: RequestSource;
	readonly query: URLSearchParams;
	readonly isWebsocket: boolean;
}

/**
 * Checks a request for Immich's API as the auth hook does one for ours. What its credential may do there is Immich's to
 * decide. Returns null for a visitor of a shared link, whom Immich recognizes.
 * @throws {AppError} 401 without a valid credential, 403 for a forged request or while a password change is required
 */
export async function judge(
	container: Container,
	{ request, source, query, isWebsocket }: Judged
): Promise<RequestOwner | null> {
	const { settings, authenticator } = container;
	const { credentials, passwords } = settings.current.immichAuth;
	// Immich would accept these, and prefer them.
	if (!credentials.acceptInQuery && (query.get('sessionKey') || query.get('apiKey'))) throw ambiguousRequest();
	const headers = toHeaders(request.headers);
	const sent = { headers, query };
	const found = findCredential(sent, credentials.acceptInQuery);
	if (!found) throw unauthorized();
	if (found.kind === 'shareKey' || found.kind === 'shareSlug') {
		if (isWebsocket) throw unauthorized();
		return null;
	}
	const clientInfo = createClientInfo(headers, source.address, randomUUID());
	const identity = await authenticator.authenticate(sent, clientInfo);
	if (!identity) throw unauthorized();
	refuseForgery(identity, headers, request.method ?? '', source, isWebsocket);
	const { credential } = identity;
	const auth: Auth = { ...identity, clientInfo };
	if (credential.kind === 'session' && credential.mustChangePassword && (isWebsocket || passwords.enforceChange))
		throw passwordChangeRequired();
	if (credential.kind === 'apiKey') {
		// Source: docs/wire-reference/websockets.md#connection.
		if (isWebsocket && !grants(credential.permissions, 'all')) throw missingPermission('all');
		container.keyUsage.note(credential.keyId, [null], {
			address: source.address,
			userAgent: request.headers['user-agent'] ?? ''
		});
	}
	return toRequestOwner(auth);
}

/** Refuses what another site can make a browser send: changes, and websockets, over which it could listen. */
function refuseForgery(
	identity: Identity,
	headers: Headers,
	method: string,
	{ origin }: RequestSource,
	isWebsocket: boolean
): void {
	if (!identity.credential.isAmbient) return;
	if (!isWebsocket && ['GET', 'HEAD', 'OPTIONS'].includes(method)) return;
	if (classifySender(headers, origin) === 'foreign') throw crossSiteRequest();
}
