import type { Asset } from '#lib/contract/assets/asset.ts';
import type { LinkView, ShownAsset } from '#lib/contract/shared-links/link-view.ts';
import type { SharedLink } from '#lib/contract/shared-links/shared-link.ts';
import { buildLinkProof, type LinkVisitors } from '#lib/server/features/access/index.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { Auth, Identity, SharedLinkCredential } from '#lib/server/platform/caller/caller.ts';
import { toNetwork } from '#lib/server/platform/caller/network.ts';
import { toQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { forbidden, linkPasswordRequired } from '#lib/server/platform/errors.ts';
import type { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { toAssetDto } from '#lib/server/features/assets/index.ts';
import { linkNotProtected, photoNotShown, sharedLinkNotFound, wrongLinkPassword } from './errors.ts';
import { withContent } from './link-content.ts';
import type { SharedLinkStore } from './repositories.ts';
import type { SharedLinkRow } from './shared-link-rows.ts';

interface Dependencies {
	readonly linkVisitors: LinkVisitors;
	readonly store: SharedLinkStore;
	readonly passwords: PasswordHasher;
	/** Counts wrong passwords by network and by link. */
	readonly passwordAttempts: RateLimiter;
}

/** How a page names its link. */
export type LinkCredential = Parameters<LinkVisitors['recognize']>[0];

/** How many photos a page of the gallery shows. */
const galleryPageSize = 120;

/** What visitors of a shared link do with it. */
export class LinkVisitService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Returns the link that the request is made with, and counts that it was opened.
	 * @throws {AppError} 401 without the link's password, 403 if the caller isn't a visitor of a link
	 */
	async open(auth: Auth): Promise<SharedLink> {
		const credential = requireProven(auth);
		const link = await this.#find(auth, credential);
		await this.#deps.store.sharedLinks.countVisit(credential.linkId);
		return this.#describe(auth, link);
	}

	/**
	 * Checks a link's password, and returns the link with the proof that its visitor has entered it.
	 * @throws {AppError} 400 if it has no password, 401 for a wrong one, 403 if the caller isn't a visitor of a link, 429
	 * after too many wrong ones from one network or for one link
	 */
	async login(auth: Auth, password: string): Promise<{ readonly link: SharedLink; readonly proof: string }> {
		const { store, passwords, passwordAttempts } = this.#deps;
		const { linkId, ...credential } = requireVisitor(auth);
		const passwordHash = await store.sharedLinks.findPasswordHash(linkId);
		if (passwordHash === null) throw linkNotProtected();
		const counted = [`network:${toNetwork(auth.clientInfo.address).name}`, `link:${linkId}`];
		await passwordAttempts.count(counted);
		if (!(await passwords.matches(password, passwordHash, toQueueOptions(`link:${linkId}`, auth.clientInfo))))
			throw wrongLinkPassword();
		// Only this attempt: knowing one link's password gives no more guesses at another's.
		await passwordAttempts.takeBack(counted);
		const link = await this.#find(auth, { linkId, ...credential });
		return { link: await this.#describe(auth, link), proof: buildLinkProof(linkId, passwordHash) };
	}

	/**
	 * Returns the visitor of a link's page.
	 * @throws {AppError} 401 if there is no such link, 429 after too many such attempts
	 */
	async recognize(credential: LinkCredential, headers: Headers, clientInfo: ClientInfo): Promise<Auth> {
		return { ...(await this.#deps.linkVisitors.recognize(credential, headers, clientInfo)), clientInfo };
	}

	/**
	 * Returns what the page of a link shows. The first page counts as a visit.
	 * @throws {AppError} 401 without the link's password, 400 if it doesn't show that photo
	 */
	async view(auth: Auth, { page, photoId }: { page: number; photoId: string | null }): Promise<LinkView> {
		const { sharedLinks, albums, assets } = this.#deps.store;
		const credential = requireProven(auth);
		const { linkId, albumId } = credential;
		const [link, total, [album], neighbors] = await Promise.all([
			this.#find(auth, credential),
			sharedLinks.countShown(linkId),
			albums.list(albumId === null ? [] : [albumId]),
			photoId === null ? null : sharedLinks.findShown(linkId, photoId)
		]);
		if (photoId !== null && !neighbors) throw photoNotShown();
		const pages = Math.max(1, Math.ceil(total / galleryPageSize));
		const current = neighbors ? Math.floor(neighbors.index / galleryPageSize) + 1 : Math.min(page, pages);
		const ids = neighbors
			? [neighbors.id]
			: await sharedLinks.listShown(linkId, galleryPageSize, (current - 1) * galleryPageSize);
		const shown = (await assets.list(ids)).map((row) => toShownAsset(toAssetDto(row, auth)));
		if (page === 1 && photoId === null) await sharedLinks.countVisit(linkId);
		const [photo] = shown;
		return {
			title: album?.albumName ?? 'Shared photos',
			description: link.description ?? (album?.description || null),
			expiresAt: link.expiresAt?.toISOString() ?? null,
			allowDownload: credential.allowDownload,
			allowUpload: credential.allowUpload,
			showMetadata: credential.showMetadata,
			total,
			page: current,
			pages,
			assets: neighbors ? [] : shown,
			photo: neighbors && photo ? { ...photo, previousId: neighbors.previousId, nextId: neighbors.nextId } : null
		};
	}

	async #find({ user }: Identity, { linkId }: SharedLinkCredential): Promise<SharedLinkRow> {
		const link = await this.#deps.store.sharedLinks.find(user.id, linkId);
		if (!link) throw sharedLinkNotFound();
		return link;
	}

	async #describe(auth: Identity, link: SharedLinkRow): Promise<SharedLink> {
		const [dto] = await withContent(this.#deps.store, [link], auth);
		if (!dto) throw sharedLinkNotFound();
		return dto;
	}
}

function requireVisitor({ credential }: Identity): SharedLinkCredential {
	if (credential.kind !== 'sharedLink') throw forbidden();
	return credential;
}

/** The visitor of a link that has no password, or whose password they have entered. */
function requireProven(auth: Identity): SharedLinkCredential {
	const credential = requireVisitor(auth);
	if (!credential.isProven) throw linkPasswordRequired();
	return credential;
}

const toShownAsset = (asset: Asset): ShownAsset => ({
	id: asset.id,
	type: asset.type,
	name: asset.originalFileName,
	duration: asset.duration,
	takenOn: asset.localDateTime.slice(0, 10)
});
