import { z } from 'zod';
import { LoginResponseDto } from '../sign-in/auth.ts';
import { idParams, secret } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { UserAdminResponseDto } from '../users/user.ts';

/** The provider in Immich's own settings, which official clients use. */
export const firstProviderId = 'immich';

const signInPath = '/auth/login';
const linkPassword = secret(z.string().max(1_000));

/**
 * Redirect path of a provider. Each provider has its own, so that one provider's response cannot pass for another's (RFC 9700
 * §4.4). The first keeps Immich's.
 */
export const getRedirectPath = (providerId: string): string =>
	providerId === firstProviderId ? signInPath : `${signInPath}/${providerId}`;

/** Immich's redirect path for linking. Only the first provider has a separate one. */
export const getLinkPath = (providerId: string): string =>
	providerId === firstProviderId ? '/user-settings' : getRedirectPath(providerId);

export const OAuthConfigDto = z
	.object({
		redirectUri: z.string().max(2_000),
		state: z.string().min(1).max(500).optional(),
		codeChallenge: z.string().min(1).max(200).optional(),
		/** A provider other than the first. Official clients don't send this. */
		providerId: z.string().max(100).optional()
	})
	.meta({ id: 'OAuthConfigDto' });

export const OAuthAuthorizeResponseDto = z.object({ url: z.string() }).meta({ id: 'OAuthAuthorizeResponseDto' });

export const OAuthCallbackDto = z
	.object({
		url: z.string().min(1).max(8_000),
		state: z.string().max(500).optional(),
		codeVerifier: z.string().max(500).optional()
	})
	.meta({ id: 'OAuthCallbackDto' });

export const OAuthBackchannelLogoutDto = z
	.object({ logout_token: secret(z.string().max(16_000)) })
	.meta({ id: 'OAuthBackchannelLogoutDto' });

/** A provider a user can sign in with. */
export interface LinkedProvider {
	readonly providerId: string;
	/** The provider's host; empty if Immich created the link and the provider is no longer configured. */
	readonly host: string;
	/** The user's email at the provider. */
	readonly email: string | null;
	/** Null for links created by Immich, until the first sign-in here. */
	readonly linkedAt: string | null;
	readonly lastUsedAt: string | null;
	/** Where users manage their account at the provider; empty if unknown. */
	readonly accountUrl: string;
}

/** A provider in the admin's list. */
export interface ListedProvider {
	readonly id: string;
	/** Its settings group. */
	readonly groupId: string;
	readonly buttonText: string;
	/** Empty if no URL is set yet. */
	readonly host: string;
	readonly isEnabled: boolean;
}

/** Result of a test sign-in: the provider's claims and what would have happened. */
export interface OAuthTestResult {
	readonly claims: readonly { readonly name: string; readonly value: string }[];
	readonly outcome: 'registered' | 'linked' | 'signedIn' | 'refused';
	/** Why a sign-in would be refused. */
	readonly reason: string | null;
	/** The user as it would be after a sign-in. */
	readonly user: {
		readonly name: string;
		readonly email: string;
		readonly isAdmin: boolean;
		readonly storageLabel: string | null;
		readonly quotaSizeInBytes: number | null;
	} | null;
}

/** Number of users to be unlinked, and of those who couldn't sign in with a password then. */
export interface LinkedCount {
	readonly users: number;
	readonly withoutPassword: number;
}

/** An admin who couldn't sign in anymore after unlinking all users. */
const StrandedAdminDto = z
	.object({ id: z.string(), name: z.string(), email: z.string() })
	.meta({ id: 'StrandedAdminDto' });

export const UnlinkAllPreviewDto = z
	.object({
		users: z.int(),
		usersWithoutPassword: z.int(),
		/** Admins without a usable password: unlinking all users is refused while there are any. Lists at most 100. */
		adminsWithoutPassword: z.array(StrandedAdminDto)
	})
	.meta({ id: 'UnlinkAllPreviewDto' });

/** Confirmation text for unlinking all users; it includes the count so that the admin reads it. */
export const unlinkAllWords = ({ users }: LinkedCount): string => `unlink ${users}`;

/** The provider to unlink; all if absent. */
const OneProvider = z.object({ providerId: z.string().max(100).optional() });

export const oauthOperations = defineOperations({
	startOAuth: {
		summary: 'Start OAuth sign-in or account linking',
		rest: 'POST /api/oauth/authorize',
		access: { public: true },
		body: OAuthConfigDto,
		reply: OAuthAuthorizeResponseDto,
		status: 201
	},
	finishOAuth: {
		summary: 'Complete OAuth sign-in (callback)',
		rest: 'POST /api/oauth/callback',
		access: { public: true },
		body: OAuthCallbackDto,
		reply: LoginResponseDto,
		status: 201
	},
	linkOAuthAccount: {
		summary: 'Link an OAuth account (callback)',
		rest: 'POST /api/oauth/link',
		access: {},
		body: OAuthCallbackDto,
		reply: UserAdminResponseDto
	},
	startOAuthLink: {
		summary: 'Start linking your account to a provider',
		form: defineForm({
			at: '/(console)/account/providers?/link',
			fields: z.object({ providerId: z.string().max(100), currentPassword: linkPassword }),
			toBody: (fields) => fields,
			result: OAuthAuthorizeResponseDto
		}),
		access: {},
		// The password is required more than 10 minutes after sign-in.
		body: z.object({ providerId: z.string().max(100), currentPassword: linkPassword.optional() })
	},
	unlinkOAuthAccount: {
		summary: 'Unlink your account from all providers',
		rest: 'POST /api/oauth/unlink',
		form: defineForm({ at: '/(console)/account/providers?/unlink', fields: OneProvider }),
		access: {},
		reply: UserAdminResponseDto
	},
	logoutOAuth: {
		summary: 'OpenID Connect back-channel logout',
		rest: 'POST /api/oauth/backchannel-logout',
		access: { public: true },
		body: OAuthBackchannelLogoutDto,
		status: 200
	},
	redirectOAuthToMobile: {
		summary: 'Redirect the OAuth callback to the mobile app',
		rest: 'GET /api/oauth/mobile-redirect',
		access: { public: true },
		status: 200
	},
	previewUnlinkAllOAuthAccountsAdmin: {
		summary: 'Tell how many users unlinking everyone would affect, and which admins could not sign in anymore',
		rest: 'GET /api/admin/auth/unlink-all',
		access: { permission: 'adminAuth.unlinkAll', admin: true },
		reply: UnlinkAllPreviewDto
	},
	unlinkAllOAuthAccountsAdmin: {
		summary: 'Unlink all accounts from all providers',
		rest: 'POST /api/admin/auth/unlink-all',
		form: defineForm({
			at: '/(console)/admin/settings/oauth/unlink-all?/default',
			fields: z.object({ confirmation: z.string().max(100) })
		}),
		access: { permission: 'adminAuth.unlinkAll', admin: true },
		status: 204
	},
	unlinkUserOAuthAdmin: {
		summary: 'Unlink one account from all providers',
		rest: 'DELETE /api/admin/users/[id]/oauth',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]/unlink?/default', fields: OneProvider }),
		access: { permission: 'adminAuth.unlink', admin: true },
		params: idParams,
		reply: UserAdminResponseDto
	}
});
