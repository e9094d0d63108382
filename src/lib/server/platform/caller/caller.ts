import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import type { Origin } from './client-info.ts';

/** The person on whose behalf a request is made. */
export interface AuthUser {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
}

/** A signed-in browser or app. */
export interface SessionCredential {
	readonly kind: 'session';
	readonly sessionId: string;
	/** Another site can make a browser send it: a cookie, or a token in the query. */
	readonly isAmbient: boolean;
	readonly expiresAt: Date | null;
	readonly pinExpiresAt: Date | null;
	/** When its owner signed in; null for a session that another session started. */
	readonly signedInAt: Date | null;
	/** The gate is closed: somebody else set the password, and it has not been changed yet. */
	readonly mustChangePassword: boolean;
}

/** A key, which acts as its owner within its permissions. */
export interface ApiKeyCredential {
	readonly kind: 'apiKey';
	readonly keyId: string;
	/** It came in the query, which another site can write. */
	readonly isAmbient: boolean;
	/** Of the secret that was shown: rotating the key makes it another one. */
	readonly keyHash: Uint8Array;
	readonly permissions: readonly AnyPermission[];
	readonly expiresAt: Date | null;
}

/** A token of a period of maintenance, by which nobody in particular may end it. */
export interface MaintenanceCredential {
	readonly kind: 'maintenance';
	readonly isAmbient: boolean;
	/** Names the period, so that the token does nothing in the next one. */
	readonly period: string;
}

/** Who, and by which credential: the same for each request that presents it. */
export interface Identity {
	readonly user: AuthUser;
	readonly credential: SessionCredential | ApiKeyCredential | MaintenanceCredential;
}

/** The caller: who, by which credential, and from where. */
export interface Auth extends Identity {
	readonly origin: Origin;
}

/** Whether another site can make a browser send this credential, so that the request's origin must be checked. */
export const isAmbient = ({ credential }: Identity): boolean => credential.isAmbient;

export const sessionIdOf = (auth: Auth): string | null =>
	auth.credential.kind === 'session' ? auth.credential.sessionId : null;

/**
 * Under what a caller’s guesses at their own PIN or password are counted: per user, and per session. Each kind has its own
 * count, so that knowing one of them gives no more guesses at the other.
 */
export const proofKeysOf = (auth: Auth, kind: 'pin' | 'password'): readonly string[] => {
	const sessionId = sessionIdOf(auth);
	const keys = [`user:${auth.user.id}`, ...(sessionId === null ? [] : [`session:${sessionId}`])];
	return kind === 'pin' ? keys : keys.map((key) => `password:${key}`);
};

/** How long a PIN unlocks a session. Source: wire reference 2.7. */
export const unlockedMs = 15 * 60 * 1_000;

/** Whether the session is unlocked by PIN now. An end that is too far away was set before the clock was set back. */
export function isElevated({ credential }: Identity): boolean {
	const leftMs = credential.kind === 'session' ? (credential.pinExpiresAt?.getTime() ?? 0) - Date.now() : 0;
	return leftMs > 0 && leftMs <= unlockedMs;
}

/** How long a sign-in counts as recent, and how long a new password is too new to unlock anything. */
export const recentMs = 10 * 60 * 1_000;

/** Whether a moment is less than ten minutes away. A clock that was corrected must not extend this. */
export const isRecent = (moment: Date): boolean => Math.abs(Date.now() - moment.getTime()) < recentMs;

/** Whether the caller has just proven who they are. */
export const isRecentSignIn = ({ credential }: Identity): boolean =>
	credential.kind === 'session' && credential.signedInAt !== null && isRecent(credential.signedInAt);

export const mustChangePassword = (auth: Auth | null): boolean =>
	auth?.credential.kind === 'session' && auth.credential.mustChangePassword;
