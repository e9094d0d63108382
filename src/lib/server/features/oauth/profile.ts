import { z } from 'zod';
import { email } from '#lib/contract/fields.ts';
import type { OAuthProvider } from '#lib/server/features/settings/index.ts';

/** The maximum length of a subject in OpenID Connect Core §2. */
const maxCharacters = 255;

/**
 * An identifier from a provider, limited to what the database can tell apart: unpaired surrogates would all be stored as the
 * same character.
 */
export const claimText = z
	.string()
	.min(1)
	.max(maxCharacters)
	.refine((text) => text.isWellFormed() && !text.includes('\0'));

const bytesPerGib = 1024 ** 3;
const maxNameCharacters = 255;
/** At most 240 bytes in UTF-8, which leaves room for a number after a folder name. */
const maxLabelCharacters = 80;

/** A provider's claims about a user. Unknown ones are kept, because settings can refer to them. */
export const Profile = z.looseObject({ sub: claimText });
export type Profile = z.output<typeof Profile>;

/** The email, normalized as for users; null if missing or invalid. */
export const getEmail = ({ email: claim }: Profile): string | null =>
	typeof claim === 'string' ? (email.safeParse(claim.trim()).data ?? null) : null;

/** Whether the email counts as verified: by the provider's claim, or because the provider is trusted for every email. */
export const isEmailVerified = (profile: Profile, { emailTrust }: Pick<OAuthProvider, 'emailTrust'>): boolean =>
	emailTrust === 'always' || isTrueClaim(profile['email_verified']);

/** Whether the provider states that the email isn't verified, so new users are refused; a missing claim doesn't count. */
export function isEmailDisowned(
	{ email_verified: claim }: Profile,
	{ emailTrust }: Pick<OAuthProvider, 'emailTrust'>
): boolean {
	return emailTrust === 'verified' && claim !== undefined && claim !== null && !isTrueClaim(claim);
}

/** Some providers, such as Amazon Cognito, send the boolean as text. */
const isTrueClaim = (claim: unknown): boolean => claim === true || (typeof claim === 'string' && /^true$/i.test(claim));

/** Source: docs/wire-reference/oauth.md#post-oauthcallback. */
export function getName(profile: Profile, fallback: string): string {
	const full = `${toText(profile['given_name'])} ${toText(profile['family_name'])}`.trim();
	const named = [toText(profile['name']), full, toText(profile['preferred_username'])].find((name) => name !== '');
	return cut(named ?? fallback, maxNameCharacters);
}

const toText = (value: unknown): string =>
	typeof value === 'string' && value.isWellFormed() && !value.includes('\0') ? value.trim() : '';

/** Truncates a text without leaving half a surrogate pair at its end. */
const cut = (text: string, characters: number): string => text.slice(0, characters).replace(/[\ud800-\udbff]$/, '');

/** The storage label claim as sent; empty if there is none. */
export const getLabelText = (profile: Profile, { storageLabelClaim }: OAuthProvider): string =>
	cut(toText(getClaim(profile, storageLabelClaim)), maxLabelCharacters);

/** The quota in bytes; undefined if the claim is missing or invalid. */
export function getQuota(profile: Profile, { storageQuotaClaim }: OAuthProvider): bigint | undefined {
	const claim = getClaim(profile, storageQuotaClaim);
	const gib = typeof claim === 'string' && claim.trim() !== '' ? Number(claim) : claim;
	if (typeof gib !== 'number' || !Number.isFinite(gib) || gib < 0) return undefined;
	const bytes = Math.floor(gib * bytesPerGib);
	return Number.isSafeInteger(bytes) ? BigInt(bytes) : undefined;
}

/** Converts GiB to bytes; null (unlimited) stays null. */
export const quotaFromGib = (gib: number | null): bigint | null =>
	gib === null ? null : BigInt(gib) * BigInt(bytesPerGib);

/** The role as text or in a list; undefined if the claim is not sent. Null means the same (OpenID Connect Core 5.3.2). */
export function readIsAdmin(profile: Profile, { roleClaim }: OAuthProvider): boolean | undefined {
	const claim = getClaim(profile, roleClaim);
	if (claim === undefined || claim === null) return undefined;
	return Array.isArray(claim) ? claim.includes('admin') : claim === 'admin';
}

/** Returns the URL of the profile picture; null if there is none. */
export const getPictureClaim = ({ picture }: Profile): string | null => (typeof picture === 'string' ? picture : null);

const getClaim = (profile: Profile, name: string): unknown =>
	Object.hasOwn(profile, name) ? profile[name] : undefined;
