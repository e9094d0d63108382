import { z } from 'zod';
import { defineForm, defineOperations } from '../operation.ts';

/** How many days of sign-ins are shown, today included. */
export const signInDays = 14;
/** How many users are named in a list of the overview. */
export const namedUsers = 5;

const count = z.int().min(0);
const NamedUser = z.object({ id: z.string(), name: z.string(), email: z.string() });

export const OverviewDto = z
	.object({
		/** Deleted users are not counted. */
		users: z.object({
			total: count,
			admins: count,
			neverSignedIn: count,
			mustChangePassword: count,
			/** With a temporary password that has expired. */
			passwordExpired: count,
			overQuota: count,
			/** Who can't sign in because of too many failed attempts within the last hour; at most `namedUsers`. */
			lockedOut: z.array(NamedUser)
		}),
		/** By day in UTC, oldest first, with days without any. */
		signIns: z.array(z.object({ day: z.iso.date(), done: count, failed: count })),
		sessions: z.object({
			total: count,
			/** Of the mobile app. */
			apps: count
		}),
		/** In bytes. */
		storage: z.object({
			used: count,
			fullest: z.array(z.object({ id: z.string(), name: z.string(), used: count, quota: count.nullable() }))
		})
	})
	.meta({ id: 'OverviewDto' });
export type Overview = z.output<typeof OverviewDto>;

/** What an admin has decided about the first steps; all else about them is read from the server's state. */
export const FirstStepsDto = z
	.object({ isDismissed: z.boolean(), isBackupPlanned: z.boolean() })
	.meta({ id: 'FirstStepsDto' });
export type FirstSteps = z.output<typeof FirstStepsDto>;

// A key needs `all`: the overview summarizes users, sessions and the audit log.
const adminsByAll = { admin: true } as const;

export const overviewOperations = defineOperations({
	getOverviewAdmin: {
		summary: 'Get an overview of users, sign-ins, sessions and storage',
		rest: 'GET /api/admin/overview',
		access: adminsByAll,
		reply: OverviewDto
	},
	getFirstStepsAdmin: {
		summary: 'Get what an administrator has decided about the first steps',
		rest: 'GET /api/admin/first-steps',
		access: adminsByAll,
		reply: FirstStepsDto
	},
	updateFirstStepsAdmin: {
		summary: 'Dismiss the first steps, or check off the backup',
		rest: 'PUT /api/admin/first-steps',
		form: defineForm({
			at: '/(console)/admin?/firstSteps',
			fields: z.object({ isDismissed: z.boolean(), isBackupPlanned: z.boolean() }),
			toBody: (fields) => fields
		}),
		access: adminsByAll,
		body: FirstStepsDto,
		reply: FirstStepsDto
	}
});
