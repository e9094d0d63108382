import { z } from 'zod';
import { dateTime, email, newPassword, sentName, sentPassword, typedEmail } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { UserAdminResponseDto, newUserName } from '../users/user.ts';

export const LoginCredentialDto = z.object({ email, password: sentPassword }).meta({ id: 'LoginCredentialDto' });

export const LoginResponseDto = z
	.object({
		accessToken: z.string(),
		userId: z.string(),
		userEmail: z.string(),
		name: z.string(),
		isAdmin: z.boolean(),
		profileImagePath: z.string(),
		shouldChangePassword: z.boolean(),
		isOnboarded: z.boolean()
	})
	.meta({ id: 'LoginResponseDto' });

export const SignUpDto = z
	.object({
		email,
		password: newPassword,
		name: sentName,
		/** Can also be sent in the `x-immich-auth-setup-code` header; neither is needed from localhost. */
		setupCode: z.string().max(200).optional()
	})
	.meta({ id: 'SignUpDto' });

export const ChangePasswordDto = z
	.object({
		password: sentPassword,
		newPassword,
		invalidateSessions: z.boolean().optional(),
		revokeApiKeys: z.boolean().optional()
	})
	.meta({ id: 'ChangePasswordDto' });

export const ValidateAccessTokenResponseDto = z
	.object({ authStatus: z.boolean() })
	.meta({ id: 'ValidateAccessTokenResponseDto' });

export const LogoutResponseDto = z
	.object({ successful: z.boolean(), redirectUri: z.string() })
	.meta({ id: 'LogoutResponseDto' });

export const AuthStatusResponseDto = z
	.object({
		pinCode: z.boolean(),
		password: z.boolean(),
		isElevated: z.boolean(),
		expiresAt: dateTime.optional(),
		pinExpiresAt: dateTime.optional()
	})
	.meta({ id: 'AuthStatusResponseDto' });

const currentPassword = sentPassword.min(1, 'Type your current password');

export const authOperations = defineOperations({
	login: {
		summary: 'Sign in with email and password',
		rest: 'POST /api/auth/login',
		form: defineForm({
			at: '/auth/login?/default',
			fields: z.object({ email: typedEmail, password: sentPassword.min(1, 'Type your password') }),
			toBody: ({ email, password }) => ({ email, password })
		}),
		access: { public: true },
		body: LoginCredentialDto,
		reply: LoginResponseDto,
		status: 201
	},
	signUpAdmin: {
		summary: 'Create the first administrator',
		rest: 'POST /api/auth/admin-sign-up',
		form: defineForm({
			at: '/auth/register?/default',
			fields: z.object({
				name: newUserName,
				email: typedEmail,
				password: newPassword,
				setupCode: z.string().max(200).default('')
			}),
			toBody: ({ name, email, password, setupCode }) => ({
				name,
				email,
				password,
				...(setupCode !== '' && { setupCode })
			})
		}),
		access: { public: true },
		body: SignUpDto,
		reply: UserAdminResponseDto,
		status: 201
	},
	validateAccessToken: {
		summary: 'Validate the access token',
		rest: 'POST /api/auth/validateToken',
		access: { permission: 'none' },
		whileMustChange: true,
		reply: ValidateAccessTokenResponseDto
	},
	changePassword: {
		summary: 'Change your password',
		rest: 'POST /api/auth/change-password',
		form: defineForm({
			at: ['/auth/change-password?/default', '/(console)/account/password?/default'],
			fields: z.object({
				password: currentPassword,
				newPassword,
				endOtherSessions: z.boolean(),
				revokeApiKeys: z.boolean()
			}),
			toBody: ({ password, newPassword, endOtherSessions, revokeApiKeys }) => ({
				password,
				newPassword,
				invalidateSessions: endOtherSessions,
				revokeApiKeys
			})
		}),
		access: { permission: 'auth.changePassword' },
		whileMustChange: true,
		body: ChangePasswordDto,
		reply: UserAdminResponseDto
	},
	logout: {
		summary: 'Sign out',
		rest: 'POST /api/auth/logout',
		form: defineForm({ at: '/auth/logout?/default', fields: z.object({}) }),
		access: {},
		whileMustChange: true,
		reply: LogoutResponseDto
	},
	getAuthStatus: {
		summary: 'Get the authentication status of the current session',
		rest: 'GET /api/auth/status',
		access: {},
		whileMustChange: true,
		reply: AuthStatusResponseDto
	}
});
