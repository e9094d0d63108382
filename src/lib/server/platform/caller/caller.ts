import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import type { ClientInfo } from './client-info.ts';

/** The user on whose behalf a request is made. */
export interface AuthUser {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
}

/** Returns the user of a credential's row. */
export const toAuthUser = ({
	userId: id,
	email,
	name,
	isAdmin,
	avatarColor,
	profileImagePath,
	profileChangedAt
}: Omit<AuthUser, 'id'> & { readonly userId: string }): AuthUser => ({
	id,
	email,
	name,
	isAdmin,
	avatarColor,
	profileImagePath,
	profileChangedAt
});

/** A signed-in browser or app. */
export interface SessionCredential {
	readonly kind: 'session';
	readonly sessionId: string;
	/** Another site can make a browser send it: a cookie, or a token in the query. */
	readonly isAmbient: boolean;
	readonly expiresAt: Date | null;
	readonly pinExpiresAt: Date | null;
	/** When the user signed in; null for a session that another one started or approved. */
	readonly signedInAt: Date | null;
	/** The gate is closed: someone else set the password and it hasn't been changed yet. */
	readonly mustChangePassword: boolean;
}

/** An API key, which acts as its owner within its permissions. */
export interface ApiKeyCredential {
	readonly kind: 'apiKey';
	readonly keyId: string;
	/** Sent in the query, which another site can forge. */
	readonly isAmbient: boolean;
	/** Hash of the presented secret: rotating the key changes it. */
	readonly keyHash: Uint8Array;
	readonly permissions: readonly AnyPermission[];
	readonly expiresAt: Date | null;
}

/** A maintenance token, which can end maintenance mode without a user. */
export interface MaintenanceCredential {
	readonly kind: 'maintenance';
	readonly isAmbient: boolean;
	/** Identifies the period, so that the token is useless in the next one. */
	readonly period: string;
}

/** A command run on the server itself, by anyone who can reach its database: platform/caller/command-line.ts. */
export interface CommandLineCredential {
	readonly kind: 'commandLine';
	readonly isAmbient: false;
}

/** A shared link, which acts for its creator within what it shows. */
export interface SharedLinkCredential {
	readonly kind: 'sharedLink';
	/** The proof of its password is a cookie. */
	readonly isAmbient: true;
	readonly linkId: string;
	/** Null for an individual link. */
	readonly albumId: string | null;
	/** Whether it has no password, or the visitor has entered it. */
	readonly isProven: boolean;
	readonly allowUpload: boolean;
	readonly allowDownload: boolean;
	readonly showMetadata: boolean;
}

/** User and credential: the same for each request with that credential. */
export interface Identity {
	/** Of a shared link, its creator. */
	readonly user: AuthUser;
	readonly credential:
		SessionCredential | ApiKeyCredential | SharedLinkCredential | MaintenanceCredential | CommandLineCredential;
}

/** The caller: user, credential and client info. */
export interface Auth extends Identity {
	readonly clientInfo: ClientInfo;
}

/** Whether another site can make a browser send this credential, so that the request's origin must be checked. */
export const isAmbient = ({ credential }: Identity): boolean => credential.isAmbient;

/** Returns the ID of the calling session; null for an API key. */
export const getSessionId = (auth: Auth): string | null =>
	auth.credential.kind === 'session' ? auth.credential.sessionId : null;

/**
 * Keys for counting a caller's guesses at their own PIN or password: per user and per session. Each kind counts separately, so
 * that knowing one gives no extra guesses at the other.
 */
export const getProofKeys = (auth: Auth, kind: 'pin' | 'password'): readonly string[] => {
	const sessionId = getSessionId(auth);
	const keys = [`user:${auth.user.id}`, ...(sessionId === null ? [] : [`session:${sessionId}`])];
	return kind === 'pin' ? keys : keys.map((key) => `password:${key}`);
};

/** How long a PIN unlocks a session. Source: docs/wire-reference/credentials.md#elevated-sessions. */
export const unlockedMs = 15 * 60 * 1_000;

/** Whether a session is unlocked until then. A time too far in the future was set before the clock was set back. */
export function isUnlocked(pinExpiresAt: Date | null): boolean {
	const leftMs = (pinExpiresAt?.getTime() ?? 0) - Date.now();
	return leftMs > 0 && leftMs <= unlockedMs;
}

/** Whether the caller is an elevated session. */
export const isElevated = ({ credential }: Identity): boolean =>
	credential.kind === 'session' && isUnlocked(credential.pinExpiresAt);

/** How long a sign-in counts as recent, and how long a new password can't be used to unlock anything. */
export const recentMs = 10 * 60 * 1_000;

/** Whether a time is within ten minutes of now, in either direction: a clock correction must not extend it. */
export const isRecent = (moment: Date): boolean => Math.abs(Date.now() - moment.getTime()) < recentMs;

/** Whether the caller has signed in recently. */
export const isRecentSignIn = ({ credential }: Identity): boolean =>
	credential.kind === 'session' && credential.signedInAt !== null && isRecent(credential.signedInAt);

/** Whether a password change is required; never for an API key. */
export const mustChangePassword = (auth: Auth | null): boolean =>
	auth?.credential.kind === 'session' && auth.credential.mustChangePassword;
