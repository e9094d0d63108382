import { z } from 'zod';
import { email } from '#lib/contract/fields.ts';
import { claimText } from './claim-text.ts';
import type { OAuthProvider } from './provider.ts';

const bytesPerGib = 1024 ** 3;
const maxNameCharacters = 255;
/** At most 240 bytes, so that a folder's name has room for a number behind it. */
const maxLabelCharacters = 80;

/** What a provider says of a person; whatever else it says stays beside it, to be looked up by the settings. */
export const Profile = z.looseObject({ sub: claimText });
export type Profile = z.output<typeof Profile>;

/**
 * The e-mail as accounts have it; null where there is none, or none that is one. Letters that merely look like those of
 * another address would become them when they are made comparable, as the sign of the kelvin becomes a k.
 */
export function emailOf({ email: told }: Profile): string | null {
	return typeof told === 'string' && /^\p{ASCII}*$/u.test(told) ? (email.safeParse(told.trim()).data ?? null) : null;
}

/** Only the word of the provider counts, and nothing that merely looks like it. */
export const isEmailVerified = (profile: Profile): boolean => profile['email_verified'] === true;

/** The provider says that the e-mail is not proven, other than by saying nothing. */
export const isEmailDisowned = ({ email_verified: isVerified }: Profile): boolean =>
	isVerified !== undefined && isVerified !== true;

/** Source: wire reference 4.5, step 11. */
export function nameOf(profile: Profile, fallback: string): string {
	const full = `${textOf(profile['given_name'])} ${textOf(profile['family_name'])}`.trim();
	const named = [textOf(profile['name']), full, textOf(profile['preferred_username'])].find((name) => name !== '');
	return cut(named ?? fallback, maxNameCharacters);
}

const textOf = (value: unknown): string =>
	typeof value === 'string' && value.isWellFormed() && !value.includes('\0') ? value.trim() : '';

/** Shortens a text, and leaves no half of a character at its end. */
const cut = (text: string, characters: number): string => text.slice(0, characters).replace(/[\ud800-\udbff]$/, '');

/** What the claim names the folder, as it came; empty where there is none. */
export const labelTextOf = (profile: Profile, { storageLabelClaim }: OAuthProvider): string =>
	cut(textOf(claimOf(profile, storageLabelClaim)), maxLabelCharacters);

/** The quota in bytes; undefined where the provider says nothing of it that makes sense. */
export function quotaOf(profile: Profile, { storageQuotaClaim }: OAuthProvider): bigint | undefined {
	const claim = claimOf(profile, storageQuotaClaim);
	const gib = typeof claim === 'string' && claim.trim() !== '' ? Number(claim) : claim;
	if (typeof gib !== 'number' || !Number.isFinite(gib) || gib < 0) return undefined;
	const bytes = Math.floor(gib * bytesPerGib);
	return Number.isSafeInteger(bytes) ? BigInt(bytes) : undefined;
}

export const quotaFromGib = (gib: number | null): bigint | null =>
	gib === null ? null : BigInt(gib) * BigInt(bytesPerGib);

/** The role as text or in a list; undefined where the provider says nothing of it. */
export function isAdminOf(profile: Profile, { roleClaim }: OAuthProvider): boolean | undefined {
	const claim = claimOf(profile, roleClaim);
	if (claim === undefined) return undefined;
	return Array.isArray(claim) ? claim.includes('admin') : claim === 'admin';
}

export const pictureOf = ({ picture }: Profile): string | null => (typeof picture === 'string' ? picture : null);

const claimOf = (profile: Profile, name: string): unknown => (Object.hasOwn(profile, name) ? profile[name] : undefined);
