import { z } from 'zod';
import { defineOperations } from '../operation.ts';
import { UserAvatarColor } from '../users/user.ts';

/** Maximum number of suggested users. */
export const suggestionLimit = 10;

export const UserSuggestionDto = z
	.object({ id: z.string(), name: z.string(), email: z.string(), avatarColor: UserAvatarColor, isAdmin: z.boolean() })
	.meta({ id: 'UserSuggestionDto' });
export type UserSuggestion = z.output<typeof UserSuggestionDto>;

/** Maximum number of users that a beginning names. */
export const namedLimit = 10;

export const NamedUserDto = z.object({ id: z.string(), email: z.string() }).meta({ id: 'NamedUserDto' });
export type NamedUser = z.output<typeof NamedUserDto>;

const searchText = z
	.string()
	.trim()
	.max(254)
	.refine((text) => text.isWellFormed() && !text.includes('\0'), 'Invalid text');

export const userSuggestionOperations = defineOperations({
	suggestUsersAdmin: {
		summary: 'Suggest users (autocomplete, max. 10)',
		rest: 'GET /api/admin/user-directory/suggestions',
		access: { permission: 'adminUser.read', admin: true },
		query: z.object({ q: searchText }),
		reply: z.array(UserSuggestionDto)
	},
	findNamedUsersAdmin: {
		summary: 'Find the account with an email, or up to ten, also deleted ones, whose email or id begins with a text',
		rest: 'GET /api/admin/user-directory/named',
		access: { permission: 'adminUser.read', admin: true },
		query: z.object({ q: searchText }),
		reply: z.array(NamedUserDto)
	}
});
