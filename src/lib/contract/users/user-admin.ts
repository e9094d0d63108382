import { z } from 'zod';
import {
	dateTime,
	email,
	idParams,
	newPassword,
	newPasswordOrEmpty,
	pinCode,
	queryBoolean,
	quotaInBytes,
	sentName,
	sentPassword,
	typedEmail,
	uuid
} from '../fields.ts';
import { FeatureFields, toPreferencesUpdate } from './features.ts';
import { defineForm, defineOperations, stream } from '../operation.ts';
import { UserPreferencesResponseDto, UserPreferencesUpdateDto } from './preferences.ts';
import { bytesOfQuota, quotaText } from './quota.ts';
import { UserAdminResponseDto, UserAvatarColor, newUserName, userName } from './user.ts';

/** In Immich's order, which determines the order of validation issues. */
const adminFields = {
	avatarColor: UserAvatarColor.nullable().optional(),
	pinCode: pinCode.nullable().optional(),
	storageLabel: z.string().max(255).nullable().optional(),
	quotaSizeInBytes: quotaInBytes.nullable().optional(),
	shouldChangePassword: z.boolean().optional()
};

export const UserAdminCreateDto = z
	.object({
		email,
		// Empty for users who sign in with OAuth only; the service checks whether that is possible.
		password: newPasswordOrEmpty,
		name: sentName,
		...adminFields,
		/** Accepted for official clients; passwords are never emailed. */
		notify: z.boolean().optional(),
		isAdmin: z.boolean().optional()
	})
	.meta({ id: 'UserAdminCreateDto' });

export const UserAdminUpdateDto = z
	.object({
		email: email.optional(),
		password: newPasswordOrEmpty.optional(),
		pinCode: adminFields.pinCode,
		name: sentName.optional(),
		avatarColor: adminFields.avatarColor,
		storageLabel: adminFields.storageLabel,
		shouldChangePassword: adminFields.shouldChangePassword,
		quotaSizeInBytes: adminFields.quotaSizeInBytes,
		isAdmin: z.boolean().optional(),
		/**
		 * The caller's own: required to change email, password or PIN, or to require a password change, more than 10 minutes after
		 * sign-in.
		 */
		currentPassword: sentPassword.optional()
	})
	.meta({ id: 'UserAdminUpdateDto' });

export const UserAdminDeleteDto = z.object({ force: z.boolean().optional() }).meta({ id: 'UserAdminDeleteDto' });

export const PasswordResetDto = z
	.object({ password: newPassword.optional(), revokeApiKeys: z.boolean().optional() })
	.meta({ id: 'PasswordResetDto' });

/** A temporary password, returned only here. */
export const PasswordResetResponseDto = z
	.object({ user: UserAdminResponseDto, password: z.string(), expiresAt: dateTime })
	.meta({ id: 'PasswordResetResponseDto' });
export type TemporaryPassword = z.output<typeof PasswordResetResponseDto>;

/** A new user as the page shows it; includes the password only if it must be passed on. */
export const NewUser = z.object({
	user: UserAdminResponseDto,
	password: z.string(),
	expiresAt: dateTime.nullable()
});

const profileFields = {
	name: userName,
	email: typedEmail,
	storageLabel: z.string().max(255),
	quota: quotaText,
	isAdmin: z.boolean()
};

const adminAccess = (permission: 'adminUser.create' | 'adminUser.read' | 'adminUser.update' | 'adminUser.delete') =>
	({ permission, admin: true }) as const;

export const userAdminOperations = defineOperations({
	searchUsersAdmin: {
		summary: 'List all accounts, newest first',
		rest: 'GET /api/admin/users',
		access: adminAccess('adminUser.read'),
		query: z.object({ withDeleted: queryBoolean.optional(), id: uuid.optional() }),
		reply: stream(UserAdminResponseDto)
	},
	createUserAdmin: {
		summary: 'Create a user',
		rest: 'POST /api/admin/users',
		form: defineForm({
			at: '/(console)/admin/users/new?/default',
			fields: z.object({
				...profileFields,
				name: newUserName,
				password: newPasswordOrEmpty,
				shouldChangePassword: z.boolean()
			}),
			toBody: ({ quota, storageLabel, ...fields }) => ({
				...fields,
				storageLabel: storageLabel || null,
				quotaSizeInBytes: bytesOfQuota(quota)
			}),
			result: NewUser
		}),
		access: adminAccess('adminUser.create'),
		body: UserAdminCreateDto,
		reply: UserAdminResponseDto,
		status: 201
	},
	getUserAdmin: {
		summary: 'Get one account',
		rest: 'GET /api/admin/users/[id]',
		access: adminAccess('adminUser.read'),
		params: idParams,
		reply: UserAdminResponseDto
	},
	updateUserAdmin: {
		summary: 'Change one account',
		rest: 'PUT /api/admin/users/[id]',
		twin: 'PATCH',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]/edit?/default',
			fields: z.object({ ...profileFields, currentPassword: sentPassword }),
			toBody: ({ quota, ...fields }) => ({ ...fields, quotaSizeInBytes: bytesOfQuota(quota) })
		}),
		access: adminAccess('adminUser.update'),
		params: idParams,
		body: UserAdminUpdateDto,
		reply: UserAdminResponseDto
	},
	deleteUserAdmin: {
		summary: 'Delete a user (restorable during the grace period unless forced)',
		rest: 'DELETE /api/admin/users/[id]',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]/delete?/default',
			fields: z.object({ force: z.boolean(), confirmation: z.string().max(254) }),
			toBody: ({ force }) => ({ force })
		}),
		access: adminAccess('adminUser.delete'),
		params: idParams,
		body: UserAdminDeleteDto,
		reply: UserAdminResponseDto
	},
	restoreUserAdmin: {
		summary: 'Restore a deleted account',
		rest: 'POST /api/admin/users/[id]/restore',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]?/restore', fields: z.object({}) }),
		access: adminAccess('adminUser.delete'),
		params: idParams,
		reply: UserAdminResponseDto
	},
	forcePasswordChange: {
		summary: 'Require a password change',
		rest: 'POST /api/admin/users/[id]/force-password-change',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]?/forcePasswordChange', fields: z.object({}) }),
		access: { permission: 'adminUser.forcePw', admin: true },
		params: idParams,
		reply: UserAdminResponseDto
	},
	resetPassword: {
		summary: 'Reset a user’s password and sign them out',
		rest: 'POST /api/admin/users/[id]/reset-password',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]/reset-password?/default',
			fields: z.object({ password: newPasswordOrEmpty, revokeApiKeys: z.boolean() }),
			toBody: ({ password, revokeApiKeys }) => ({ ...(password === '' ? {} : { password }), revokeApiKeys }),
			result: PasswordResetResponseDto
		}),
		// API keys need `all`: this could take over any user.
		access: { admin: true },
		params: idParams,
		body: PasswordResetDto,
		reply: PasswordResetResponseDto
	},
	getUserPreferencesAdmin: {
		summary: 'Get one account’s preferences',
		rest: 'GET /api/admin/users/[id]/preferences',
		access: adminAccess('adminUser.read'),
		params: idParams,
		reply: UserPreferencesResponseDto
	},
	updateUserPreferencesAdmin: {
		summary: 'Change some of one account’s preferences',
		rest: 'PUT /api/admin/users/[id]/preferences',
		twin: 'PATCH',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]?/saveFeatures',
			fields: FeatureFields,
			toBody: toPreferencesUpdate
		}),
		access: adminAccess('adminUser.update'),
		params: idParams,
		body: UserPreferencesUpdateDto,
		reply: UserPreferencesResponseDto
	}
});
