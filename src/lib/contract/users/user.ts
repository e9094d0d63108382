import { z } from 'zod';
import { avatarColors } from './avatar-color.ts';
import { dateTime, email, idParams, newPasswordOrEmpty, sentName, sentPassword, typedEmail } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { UserPreferencesResponseDto, UserPreferencesUpdateDto } from './preferences.ts';

export const UserAvatarColor = z.enum(avatarColors);

export const UserResponseDto = z
	.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		profileImagePath: z.string(),
		avatarColor: UserAvatarColor,
		profileChangedAt: dateTime
	})
	.meta({ id: 'UserResponseDto' });

export const UserLicense = z
	.object({ licenseKey: z.string(), activationKey: z.string(), activatedAt: z.string() })
	.meta({ id: 'UserLicense' });

export const UserAdminResponseDto = z
	.object({
		...UserResponseDto.shape,
		storageLabel: z.string().nullable(),
		shouldChangePassword: z.boolean(),
		isAdmin: z.boolean(),
		createdAt: dateTime,
		deletedAt: dateTime.nullable(),
		updatedAt: dateTime,
		oauthId: z.string(),
		quotaSizeInBytes: z.int().min(0).nullable(),
		quotaUsageInBytes: z.int().min(0).nullable(),
		status: z.enum(['active', 'removing', 'deleted']),
		license: UserLicense.nullable(),
		clusterGroupId: z.string()
	})
	.meta({ id: 'UserAdminResponseDto' });
export type UserAdmin = z.output<typeof UserAdminResponseDto>;

/** A name submitted by a form; surrounding blanks of an existing name stay, so that nothing changes by accident. */
export const userName = z
	.string()
	.max(100)
	.refine((name) => name.trim() !== '', { error: 'Enter a name' });

/** A new name. */
export const newUserName = z.string().trim().min(1, 'Enter a name').max(100);

export const UserUpdateMeDto = z
	.object({
		email: email.optional(),
		// An empty password means 'unchanged', as official clients send it.
		password: newPasswordOrEmpty.optional(),
		name: sentName.optional(),
		avatarColor: UserAvatarColor.nullable().optional(),
		/** Required to change the email more than 10 minutes after sign-in. */
		currentPassword: sentPassword.optional()
	})
	.meta({ id: 'UserUpdateMeDto' });

export const OnboardingDto = z.object({ isOnboarded: z.boolean() }).meta({ id: 'OnboardingDto' });
export const OnboardingResponseDto = z.object({ isOnboarded: z.boolean() }).meta({ id: 'OnboardingResponseDto' });

export const userOperations = defineOperations({
	searchUsers: {
		summary: 'List the users of this server',
		rest: 'GET /api/users',
		access: { permission: 'user.read' },
		reply: z.array(UserResponseDto)
	},
	getUser: {
		summary: 'Get a user',
		rest: 'GET /api/users/[id]',
		access: { permission: 'user.read' },
		params: idParams,
		reply: UserResponseDto
	},
	getMyUser: {
		summary: 'Get your account',
		rest: 'GET /api/users/me',
		access: { permission: 'user.read' },
		whileMustChange: true,
		reply: UserAdminResponseDto
	},
	updateMyUser: {
		summary: 'Change your account',
		rest: 'PUT /api/users/me',
		twin: 'PATCH',
		form: defineForm({
			at: '/(console)/account/profile?/save',
			fields: z.object({
				name: userName,
				email: typedEmail,
				avatarColor: z.enum([...avatarColors, 'automatic']),
				currentPassword: sentPassword
			}),
			toBody: ({ name, email, avatarColor, currentPassword }) => ({
				name,
				email,
				avatarColor: avatarColor === 'automatic' ? null : avatarColor,
				currentPassword
			})
		}),
		access: { permission: 'user.update' },
		// Only with a new password: the service refuses everything else until it is changed.
		whileMustChange: true,
		body: UserUpdateMeDto,
		reply: UserAdminResponseDto
	},
	getMyPreferences: {
		summary: 'Get your preferences',
		rest: 'GET /api/users/me/preferences',
		access: { permission: 'userPreference.read' },
		whileMustChange: true,
		reply: UserPreferencesResponseDto
	},
	updateMyPreferences: {
		summary: 'Change some of your preferences',
		rest: 'PUT /api/users/me/preferences',
		twin: 'PATCH',
		access: { permission: 'userPreference.update' },
		body: UserPreferencesUpdateDto,
		reply: UserPreferencesResponseDto
	},
	getUserOnboarding: {
		summary: 'Get your onboarding status',
		rest: 'GET /api/users/me/onboarding',
		access: { permission: 'userOnboarding.read' },
		whileMustChange: true,
		reply: OnboardingResponseDto
	},
	setUserOnboarding: {
		summary: 'Mark the introduction as seen or unseen',
		rest: 'PUT /api/users/me/onboarding',
		access: { permission: 'userOnboarding.update' },
		body: OnboardingDto,
		reply: OnboardingResponseDto
	},
	deleteUserOnboarding: {
		summary: 'Forget whether the introduction was seen',
		rest: 'DELETE /api/users/me/onboarding',
		access: { permission: 'userOnboarding.delete' },
		status: 204
	}
});
