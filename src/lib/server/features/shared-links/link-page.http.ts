import { error, type RequestEvent, type ServerLoadEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { uuid } from '#lib/contract/fields.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { AppError, linkPasswordRequired } from '#lib/server/platform/errors.ts';
import { getClientInfo } from '#lib/server/platform/http/client-info.ts';
import { loadForAnyone } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';
import { setLinkProof } from './link-proof.http.ts';
import type { LinkCredential } from './link-visit.service.ts';

const PageQuery = z.object({
	page: z.coerce.number().int().min(1).max(10_000).catch(1),
	photo: uuid.nullable().catch(null)
});

/** The pages /share/[key] and /s/[slug] name their link in the path. */
function readCredential({ params }: Pick<RequestEvent, 'params'>): LinkCredential {
	const { key, slug } = params;
	return key === undefined ? { kind: 'shareSlug', secret: slug ?? '' } : { kind: 'shareKey', secret: key };
}

const recognize = (event: RequestEvent): Promise<Auth> =>
	event.locals.container.services.linkVisit.recognize(
		readCredential(event),
		event.request.headers,
		getClientInfo(event)
	);

/** Loads the page of a shared link; 404 if it has ended. */
export const loadLinkPage = loadForAnyone(async (event: ServerLoadEvent) => {
	const auth = await recognize(event).catch((thrown: unknown) => {
		// Whether it never existed, has expired or was deleted is the owner's business.
		if (thrown instanceof AppError && thrown.status === 401)
			error(404, { message: 'This link doesn’t work', correlationId: event.locals.correlationId });
		throw thrown;
	});
	const { kind, secret } = readCredential(event);
	const { page, photo } = PageQuery.parse({
		page: event.url.searchParams.get('page') ?? 1,
		photo: event.url.searchParams.get('photo')
	});
	const isOpen = auth.credential.kind === 'sharedLink' && auth.credential.isProven;
	// The browser sends pictures' addresses only to this server: Referrer-Policy is same-origin.
	event.setHeaders({ 'cache-control': 'private, no-store' });
	return {
		origin: publicOrigin(event),
		path: event.url.pathname,
		/** Part of each picture's address. */
		credential: new URLSearchParams({ [kind === 'shareKey' ? 'key' : 'slug']: secret }).toString(),
		link: isOpen ? await event.locals.container.services.linkVisit.view(auth, { page, photoId: photo }) : null
	};
});

/**
 * Returns the visitor of a link who may do what it allows.
 * @throws {AppError} 401 if the link has ended, or its password hasn't been entered
 */
export async function requireVisitor(event: RequestEvent): Promise<Auth> {
	const auth = await recognize(event);
	if (auth.credential.kind !== 'sharedLink' || !auth.credential.isProven) throw linkPasswordRequired();
	return auth;
}

/** Checks the password that was entered on a link's page, and keeps the proof in the browser. */
export async function enterLinkPassword(event: RequestEvent, password: string): Promise<void> {
	const auth = await recognize(event);
	const { proof } = await event.locals.container.services.linkVisit.login(auth, password);
	setLinkProof(event, proof);
}
