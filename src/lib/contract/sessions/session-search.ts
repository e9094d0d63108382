import { z } from 'zod';
import { cursor, pageFields, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import type { DeviceSession } from './device.ts';
import { SessionResponseDto } from './session.ts';

export const sessionPageSize = 50;
/** How many sessions can be chosen one by one. */
const maxChosen = 1_000;
const maxIdleDays = 3_650;

const text = (longest: number) =>
	z
		.string()
		.trim()
		.max(longest)
		.refine((value) => value.isWellFormed() && !value.includes('\0'), 'Invalid text');

const idleDays = z.int().min(1).max(maxIdleDays);

/** Which sessions, of all users. Unknown keys and invalid values are rejected, so they can’t widen the selection. */
export const SessionFilter = z
	.strictObject({
		/** Part of a user’s name or email, or the ID of a user or a session. */
		q: text(254).default(''),
		/** Part of the device’s name. */
		device: text(100).default(''),
		/** How the version of the app begins. */
		appVersion: text(40).default(''),
		/** The IP address that last used the session, or how it begins. */
		address: text(45).default(''),
		/** Not used for at least so many days. */
		idleDays: idleDays.optional()
	})
	.meta({ id: 'SessionFilter' });
export type SessionFilter = z.output<typeof SessionFilter>;

/** Whether a filter leaves out any session. */
export const isNarrowed = (filter: SessionFilter): boolean =>
	Object.values(filter).some((value) => value !== undefined && value !== '');

const { q, device, appVersion, address } = SessionFilter.shape;
const queriedIdleDays = z.coerce.number().pipe(idleDays);

/** The page’s query parameters; invalid values are ignored. */
export const SessionPageQuery = z.object({
	q: q.catch(''),
	device: device.catch(''),
	appVersion: appVersion.catch(''),
	address: address.catch(''),
	idleDays: queriedIdleDays.optional().catch(undefined),
	...pageFields
});
export type SessionPageQuery = z.output<typeof SessionPageQuery>;

/** A session with its user, as the console shows it. */
export interface UserSession extends DeviceSession {
	readonly user: {
		readonly id: string;
		readonly name: string;
		readonly email: string;
		readonly avatarColor: string;
		readonly profileImagePath: string;
		readonly profileChangedAt: string;
	};
}

/** One page of the sessions that match, most recently used first. */
export interface UserSessionPage {
	readonly sessions: readonly UserSession[];
	/** Number of matches; a lower bound if `isTotalExact` is false. */
	readonly total: number;
	readonly isTotalExact: boolean;
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

export const UserSessionResponseDto = SessionResponseDto.extend({
	user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
	/** IP address at sign-in and at the last use; null if unknown. */
	signInAddress: z.string().nullable(),
	lastAddress: z.string().nullable()
}).meta({ id: 'UserSessionResponseDto' });

const chosen = 'Select at least one device';

export const SessionsEndDto = z
	.object({ ids: z.array(uuid).min(1, chosen).max(maxChosen).optional(), filter: SessionFilter.optional() })
	.refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
		error: 'Either ids or a filter must be given',
		path: ['ids']
	})
	.refine(({ filter }) => filter === undefined || isNarrowed(filter), {
		error: 'The filter must exclude something; to sign everyone out, use DELETE /admin/sessions',
		path: ['filter']
	})
	.meta({ id: 'SessionsEndDto' });

export const sessionSearchOperations = defineOperations({
	searchSessionsAdmin: {
		summary: 'List the sessions of all users that match a filter, most recently used first (paginated)',
		rest: 'GET /api/admin/sessions',
		access: { permission: 'adminSession.read', admin: true },
		query: z.object({
			...SessionFilter.shape,
			idleDays: queriedIdleDays.optional(),
			/** Returns what follows this position, the `next` of an earlier response. */
			cursor: cursor.optional(),
			limit: z.coerce.number().int().min(1).max(200).default(sessionPageSize)
		}),
		reply: z
			.object({ sessions: z.array(UserSessionResponseDto), next: z.string().nullable() })
			.meta({ id: 'UserSessionsResponseDto' })
	},
	endSessionsAdmin: {
		summary: 'Sign out chosen devices of any users, or all that match a filter (your own current session is kept)',
		rest: 'POST /api/admin/sessions/end',
		form: defineForm({
			at: ['/(console)/admin/sessions?/end', '/(console)/admin/sessions/matching?/default'],
			fields: z
				.object({
					session: z.array(uuid).max(maxChosen),
					isAllMatching: z.boolean(),
					q,
					device,
					appVersion,
					address,
					idleDays: z.string().regex(/^([1-9]\d{0,2})?$/)
				})
				.refine(({ session, isAllMatching }) => isAllMatching || session.length > 0, {
					error: chosen,
					path: ['session']
				}),
			toBody: ({ session, isAllMatching, idleDays: days, ...filter }) =>
				isAllMatching ? { filter: { ...filter, ...(days !== '' && { idleDays: Number(days) }) } } : { ids: session }
		}),
		access: { permission: 'adminSession.delete', admin: true },
		body: SessionsEndDto,
		reply: z.object({ sessionsEnded: z.int() }).meta({ id: 'SessionsEndedDto' })
	}
});
