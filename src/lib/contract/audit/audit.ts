import { z } from 'zod';
import { activityAuditActions } from '../activities/audit-actions.ts';
import { albumAuditActions } from '../albums/audit-actions.ts';
import { apiKeyAuditActions } from '../api-keys/audit-actions.ts';
import { assetAuditActions } from '../assets/audit-actions.ts';
import { deviceAuthorizationAuditActions } from '../device-authorization/audit-actions.ts';
import { jobAuditActions } from '../jobs/audit-actions.ts';
import { licenseAuditActions } from '../licenses/audit-actions.ts';
import { maintenanceAuditActions } from '../maintenance/audit-actions.ts';
import { notificationAuditActions } from '../notifications/audit-actions.ts';
import { oauthAuditActions } from '../oauth/audit-actions.ts';
import { overviewAuditActions } from '../overview/audit-actions.ts';
import { partnerAuditActions } from '../partners/audit-actions.ts';
import { profileImageAuditActions } from '../profile-images/audit-actions.ts';
import { serverInfoAuditActions } from '../server-info/audit-actions.ts';
import { sharedLinkAuditActions } from '../shared-links/audit-actions.ts';
import { sessionAuditActions } from '../sessions/audit-actions.ts';
import { settingsAuditActions } from '../settings/audit-actions.ts';
import { sharingAuditActions } from '../sharing/audit-actions.ts';
import { signInAuditActions } from '../sign-in/audit-actions.ts';
import { userAuditActions } from '../users/audit-actions.ts';
import { userBatchAuditActions } from '../user-batches/audit-actions.ts';
import { cursor, dateTime, isoDate, maxMomentCharacters, pageFields, uuid } from '../fields.ts';
import { defineOperations, file } from '../operation.ts';

/** The audit actions of all features. Existing names are never changed or reused. */
export const auditSentences = {
	...signInAuditActions,
	...oauthAuditActions,
	...deviceAuthorizationAuditActions,
	...userAuditActions,
	...sessionAuditActions,
	...apiKeyAuditActions,
	...profileImageAuditActions,
	...licenseAuditActions,
	...notificationAuditActions,
	...userBatchAuditActions,
	...serverInfoAuditActions,
	...maintenanceAuditActions,
	...settingsAuditActions,
	...jobAuditActions,
	...sharedLinkAuditActions,
	...sharingAuditActions,
	...albumAuditActions,
	...activityAuditActions,
	...partnerAuditActions,
	...assetAuditActions,
	...overviewAuditActions
};
export type AuditAction = keyof typeof auditSentences;

// The object has exactly the keys of its type.
export const auditActions = Object.keys(auditSentences) as AuditAction[];

export const auditOutcomes = ['done', 'refused'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

type FirstWord<Action> = Action extends `${infer Word}.${string}` ? Word : never;
/** The first word of an action is the kind of object that it affects, if any. */
export type AuditObjectKind = FirstWord<AuditAction>;

/**
 * The only fields whose values are recorded. Passwords, PINs, tokens, keys and their hashes are excluded, so they cannot leak
 * into the log by mistake.
 */
export const recordedFields = [
	'email',
	'name',
	'isAdmin',
	'shouldChangePassword',
	'avatarColor',
	'storageLabel',
	'quotaSizeInBytes',
	'permissions',
	'expiresAt',
	'sessionsEnded',
	'apiKeysEnded',
	'identitiesRemoved',
	'passwordRemoved',
	'total',
	'isOnboarded',
	'message',
	'startsAt',
	'expectedEndAt',
	'endsAt',
	'allowUpload',
	'allowDownload',
	'showMetadata',
	'hasPassword',
	'assetsAdded',
	'assetsRemoved',
	'role',
	'photos',
	'isActivityEnabled',
	'order',
	'inTimeline'
] as const;
export type RecordedField = (typeof recordedFields)[number] | `preferences.${string}` | `settings.${string}`;

const RecordedValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable();
export type RecordedValue = z.output<typeof RecordedValue>;

export interface RecordedChange {
	readonly from: RecordedValue;
	readonly to: RecordedValue;
}
export type RecordedChanges = { readonly [Field in RecordedField]?: RecordedChange };

const AuditUserDto = z
	.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })
	.meta({ id: 'AuditUserDto' });
export type AuditUser = z.output<typeof AuditUserDto>;

const AuditActorDto = AuditUserDto.extend({
	/** Null if only a name was proven, by a maintenance token, and for the server's command line. */
	id: z.string().nullable()
}).meta({ id: 'AuditActorDto' });
export type AuditActor = z.output<typeof AuditActorDto>;

export const AuditEventDto = z
	.object({
		id: z.int(),
		at: dateTime,
		/** One of `auditActions`, or an action of another server version. */
		action: z.string(),
		outcome: z.enum(auditOutcomes),
		reason: z.string().nullable(),
		/** The actor with the name at that time; null for the server itself and for unauthenticated requests. */
		actor: AuditActorDto.nullable(),
		/** The user affected. */
		subject: AuditUserDto.nullable(),
		/** What was affected besides the user. */
		object: z.object({ kind: z.string(), id: z.string().nullable(), label: z.string().nullable() }).nullable(),
		credential: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
		address: z.string().nullable(),
		client: z.string().nullable(),
		correlationId: z.string().nullable(),
		batchId: z.string().nullable(),
		changes: z.record(z.string(), z.object({ from: RecordedValue, to: RecordedValue })).nullable()
	})
	.meta({ id: 'AuditEventDto' });
export type AuditEvent = z.output<typeof AuditEventDto>;

const isAddress = (text: string) => z.union([z.ipv4(), z.ipv6()]).safeParse(text).success;
const address = z.string().trim().max(45).refine(isAddress, 'Invalid IP address');

/** PostgreSQL has no year 0. */
const moment = dateTime.max(maxMomentCharacters).refine((text) => !text.startsWith('0000'), 'Invalid date');

/** Filter for programs: invalid values are rejected, so they can't widen it. */
export const AuditFilter = z.object({
	/** ID of the actor or of the user affected. */
	user: uuid.optional(),
	action: z.enum(auditActions).optional(),
	outcome: z.enum(auditOutcomes).optional(),
	/** Inclusive. */
	from: moment.optional(),
	/** Exclusive. */
	to: moment.optional(),
	address: address.optional()
});
export type AuditFilter = z.output<typeof AuditFilter>;

const { user, action, outcome } = AuditFilter.shape;

/** The page's query parameters; invalid values are ignored. */
export const AuditPageQuery = z.object({
	/** A user as typed, to be looked up. */
	who: z
		.string()
		.trim()
		.max(254)
		.refine((text) => text.isWellFormed() && !text.includes('\0'))
		.catch('')
		.default(''),
	user: user.catch(undefined),
	action: action.catch(undefined),
	outcome: outcome.catch(undefined),
	/** First and last day, in UTC. */
	from: isoDate.optional().catch(undefined),
	to: isoDate.optional().catch(undefined),
	/** Kept as typed, so that the page can report it as invalid. */
	address: z.string().trim().max(100).catch('').default(''),
	...pageFields
});
export type AuditPageQuery = z.output<typeof AuditPageQuery>;

export const auditPageSize = 50;

export interface AuditPage {
	readonly events: readonly AuditEvent[];
	/** Number of matches; a lower bound if `isTotalExact` is false. */
	readonly total: number;
	readonly isTotalExact: boolean;
	/** Number of matches before the first one shown; null if unknown. */
	readonly offset: number | null;
	readonly next: string | null;
	readonly previous: string | null;
}

// The log reveals more than any single permission covers: API keys need `all`.
const access = { admin: true } as const;

export const auditOperations = defineOperations({
	getAuditEvents: {
		summary: 'List audit events, newest first (paginated)',
		rest: 'GET /api/admin/audit-events',
		access,
		query: AuditFilter.extend({
			/** Returns older events than this position, the `next` of an earlier response. */
			cursor: cursor.optional(),
			limit: z.coerce.number().int().min(1).max(200).default(auditPageSize)
		}),
		reply: z
			.object({ events: z.array(AuditEventDto), next: z.string().nullable() })
			.meta({ id: 'AuditEventsResponseDto' })
	},
	exportAuditEvents: {
		summary: 'Export audit events as CSV or JSON',
		rest: 'GET /api/admin/audit-events/export',
		access,
		query: AuditFilter.extend({ format: z.enum(['csv', 'json']) }),
		reply: file
	}
});
