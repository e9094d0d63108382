import { z } from 'zod';
import { defineOperations, file } from '../operation.ts';
import { UserFilter, userSorts } from './user-directory.ts';

export const userDirectoryOperations = defineOperations({
	exportUsers: {
		summary: 'Download the accounts that match a filter, as CSV or JSON',
		rest: 'GET /api/admin/user-directory/export',
		access: { permission: 'adminUser.read', admin: true },
		query: UserFilter.extend({
			format: z.enum(['csv', 'json']),
			sort: z.enum(userSorts).default('createdAt'),
			direction: z.enum(['asc', 'desc']).default('desc')
		}),
		reply: file
	}
});
