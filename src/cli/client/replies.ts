import { z } from 'zod';

// Only what the program uses: another version of Immich can send more, or less of the rest.

export const Discovery = z.object({
	api: z.object({ endpoint: z.string().min(1) }),
	deviceAuthorization: z.object({ codeEndpoint: z.string(), tokenEndpoint: z.string() }).optional()
});

export const Ping = z.object({ res: z.literal('pong') });
export const ServerConfig = z.object({ maintenanceMode: z.boolean().optional() });
export const Failure = z.object({ message: z.union([z.string(), z.array(z.string())]) });
export const Issues = z.object({
	errors: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
});

export const Me = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	isAdmin: z.boolean().default(false),
	shouldChangePassword: z.boolean().default(false)
});
export type Me = z.output<typeof Me>;

export const MyApiKey = z.object({ id: z.string(), name: z.string(), permissions: z.array(z.string()).default([]) });
export type MyApiKey = z.output<typeof MyApiKey>;

export const LoginReply = z.object({
	accessToken: z.string().min(1),
	userId: z.string(),
	userEmail: z.string(),
	shouldChangePassword: z.boolean().default(false)
});

export const User = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	isAdmin: z.boolean().default(false),
	status: z.string().default('active'),
	storageLabel: z.string().nullable().default(null),
	quotaSizeInBytes: z.number().nullable().default(null),
	quotaUsageInBytes: z.number().nullable().default(null),
	shouldChangePassword: z.boolean().default(false),
	oauthId: z.string().default(''),
	createdAt: z.string(),
	updatedAt: z.string(),
	deletedAt: z.string().nullable().default(null)
});
export type User = z.output<typeof User>;

export const NamedUser = z.object({ id: z.string(), email: z.string() });
export type NamedUser = z.output<typeof NamedUser>;

export const PasswordReset = z.object({ user: User, password: z.string(), expiresAt: z.string() });

export const Batch = z.object({
	id: z.string(),
	state: z.enum(['draft', 'running', 'finished']),
	total: z.number(),
	waiting: z.number(),
	done: z.number(),
	skipped: z.number(),
	failed: z.number(),
	passwords: z.number()
});
export type Batch = z.output<typeof Batch>;

export const BatchItem = z.object({
	position: z.number(),
	userId: z.string().nullable(),
	email: z.string(),
	name: z.string(),
	outcome: z.string().nullable(),
	reason: z.string().nullable()
});
export type BatchItem = z.output<typeof BatchItem>;

export const BatchStarted = z.object({ downloadKey: z.string().nullable() });

export const DeviceSession = z.object({
	id: z.string(),
	deviceType: z.string().default(''),
	deviceOS: z.string().default(''),
	appVersion: z.string().nullable().default(null),
	current: z.boolean().default(false),
	createdAt: z.string(),
	updatedAt: z.string(),
	expiresAt: z.string().nullable().default(null)
});

export const ApiKey = z.object({
	id: z.string(),
	name: z.string(),
	permissions: z.array(z.string()).default([]),
	createdAt: z.string(),
	// Only our servers know these.
	expiresAt: z.string().nullable().default(null),
	lastUsedAt: z.string().nullable().default(null)
});
export type ApiKey = z.output<typeof ApiKey>;
export const ApiKeyPage = z.object({ keys: z.array(ApiKey), next: z.string().nullable() });

/** Newer servers send the key beside its secret, older ones within `apiKey`. */
export const ApiKeyMade = z.union([
	ApiKey.extend({ secret: z.string() }),
	z.object({ secret: z.string(), apiKey: ApiKey }).transform(({ secret, apiKey }) => ({ ...apiKey, secret }))
]);

export const UnlinkPreview = z.object({
	users: z.number(),
	usersWithoutPassword: z.number(),
	adminsWithoutPassword: z.array(z.object({ email: z.string() }))
});

export const MaintenanceStatus = z.object({ active: z.boolean() });
export const MaintenancePlan = z.object({
	state: z.enum(['off', 'announced', 'on']),
	message: z.string(),
	startsAt: z.string().nullable(),
	expectedEndAt: z.string().nullable(),
	endsAt: z.string().nullable()
});
export type MaintenancePlan = z.output<typeof MaintenancePlan>;

const AuditPerson = z.object({ name: z.string().nullable(), email: z.string().nullable() }).loose().nullable();
export const AuditEvent = z
	.object({
		id: z.number(),
		at: z.string(),
		action: z.string(),
		outcome: z.string(),
		reason: z.string().nullable(),
		actor: AuditPerson,
		subject: AuditPerson,
		address: z.string().nullable()
	})
	.loose();
export type AuditEvent = z.output<typeof AuditEvent>;
export const AuditPage = z.object({ events: z.array(AuditEvent), next: z.string().nullable() });

export const JsonDocument = z.record(z.string(), z.json());
