import { createHash, timingSafeEqual } from 'node:crypto';
import { parseCookie } from 'cookie';
import { toAuthUser, type Identity } from '#lib/server/platform/caller/caller.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { Credential } from '#lib/server/platform/caller/credentials.ts';
import { toNetwork } from '#lib/server/platform/caller/network.ts';
import type { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { invalidShareKey, invalidShareSlug } from './errors.ts';
import type { LinkName } from '#lib/server/features/shared-links/index.ts';
import type { LinkRepositories } from './repositories.ts';

/** Holds the proofs of the links whose password this browser has entered, comma-separated. */
export const linkProofCookie = 'immich_shared_link_token';
const maxProofs = 20;

/** Names a shared link. */
export type LinkCredential = Extract<Credential, { readonly kind: 'shareKey' | 'shareSlug' }>;

interface Dependencies {
	readonly store: LinkRepositories;
	/** Counts unknown keys and slugs by network. */
	readonly guesses: RateLimiter;
}

/**
 * Returns the proof that a visitor has entered the password of a link. It ends when the password is changed.
 * Source: docs/wire-reference/shared-links.md#password-of-a-link.
 */
export const buildLinkProof = (linkId: string, passwordHash: string): string =>
	createHash('sha256').update(`${linkId}-${passwordHash}`).digest('base64url');

/** Adds a proof to those that a browser has sent; the oldest ones are dropped. */
export const addLinkProof = (cookie: string | undefined, proof: string): string =>
	[proof, ...readProofs(cookie).filter((sent) => sent !== proof)].slice(0, maxProofs).join(',');

const readProofs = (cookie: string | undefined): readonly string[] =>
	(cookie ?? '').split(',', maxProofs).filter((proof) => /^[\w-]{43}$/.test(proof));

const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** A key is 50 bytes, in base64url or hexadecimal digits; null for a text that can't name a link. */
function parseName({ kind, secret }: LinkCredential): LinkName | null {
	if (kind === 'shareSlug') return secret.includes('\0') ? null : { slug: secret };
	if (/^[\da-f]{100}$/i.test(secret)) return { key: Buffer.from(secret, 'hex') };
	return /^[\w-]{67}$/.test(secret) ? { key: Buffer.from(secret, 'base64url') } : null;
}

/** Recognizes visitors of shared links. */
export class LinkVisitors {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Returns the link's creator, limited to what the link shows.
	 * @throws {AppError} 401 if there is no such link or it has ended, 429 after too many such attempts from one network
	 */
	async recognize(credential: LinkCredential, headers: Headers, { address }: ClientInfo): Promise<Identity> {
		const { store, guesses } = this.#deps;
		const name = parseName(credential);
		const guesser = toNetwork(address).name;
		const link = name && (await store.sharedLinks.findIdentity(name));
		if (!link) {
			await guesses.count([guesser]);
			throw credential.kind === 'shareKey' ? invalidShareKey() : invalidShareSlug();
		}
		// A key is too long to be guessed; a slug must not be found by trying many.
		if (credential.kind === 'shareSlug') await guesses.requireLeft(guesser);
		const { linkId, albumId, passwordHash, allowUpload, allowDownload, showMetadata } = link;
		const sent = parseCookie(headers.get('cookie') ?? '')[linkProofCookie];
		const isProven =
			passwordHash === null || readProofs(sent).some((proof) => isSame(proof, buildLinkProof(linkId, passwordHash)));
		return {
			user: toAuthUser(link),
			credential: {
				kind: 'sharedLink',
				isAmbient: true,
				linkId,
				albumId,
				isProven,
				allowUpload,
				allowDownload,
				showMetadata
			}
		};
	}
}
