import type { AnyPermission } from '#lib/contract/permission.ts';
import type { Origin } from './origin.ts';

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

/** Under what a caller’s guesses at their own PIN or password are counted: per person, and per session. */
export const proofKeysOf = (auth: Auth): readonly string[] => {
	const sessionId = sessionIdOf(auth);
	return [`user:${auth.user.id}`, ...(sessionId === null ? [] : [`session:${sessionId}`])];
};

/** Whether the session is unlocked by PIN at this moment. Source: wire reference 2.7. */
export const isElevated = ({ credential }: Identity): boolean =>
	credential.kind === 'session' && (credential.pinExpiresAt?.getTime() ?? 0) > Date.now();

export const mustChangePassword = (auth: Auth | null): boolean =>
	auth?.credential.kind === 'session' && auth.credential.mustChangePassword;
