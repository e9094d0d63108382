import type { Pool } from 'pg';
import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import { overloaded } from '#lib/server/platform/errors.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';
import type { Vault } from '#lib/server/platform/secrets/vault.ts';
import { ApiKeyRepository, ApiKeyUsageRepository } from '#lib/server/features/api-keys/index.ts';
import { AssetRepository } from '#lib/server/features/statistics/index.ts';
import { AuditRepository } from '#lib/server/features/audit/index.ts';
import {
	CleanupRepository,
	JobOrderRepository,
	JobRepository,
	QueueStateRepository
} from '#lib/server/features/jobs/index.ts';
import {
	EmailOriginRepository,
	PasswordStateRepository,
	UserCopyRepository,
	UserRepository
} from '#lib/server/features/users/index.ts';
import { LibraryStatisticsRepository, ServerRepository } from '#lib/server/features/server-info/index.ts';
import { MaintenanceRepository } from '#lib/server/features/maintenance/index.ts';
import { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import { NotificationRepository } from '#lib/server/features/notifications/index.ts';
import {
	OAuthFlowRepository,
	OAuthIdentityRepository,
	OAuthUnlinkRepository
} from '#lib/server/features/oauth/index.ts';
import { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import { SessionListRepository, SessionRepository } from '#lib/server/features/sessions/index.ts';
import { SettingsRepository } from '#lib/server/features/settings/index.ts';
import { SignInOriginRepository } from '#lib/server/features/sign-in/index.ts';
import { UserBatchRepository, UserBatchWorkRepository } from '#lib/server/features/user-batches/index.ts';
import { UserDirectoryRepository } from '#lib/server/features/user-directory/index.ts';

/** The repositories over one connection: the pool's or a transaction's. */
export interface Repositories {
	readonly users: UserRepository;
	readonly directory: UserDirectoryRepository;
	readonly emailOrigins: EmailOriginRepository;
	readonly sessions: SessionRepository;
	readonly apiKeys: ApiKeyRepository;
	readonly assets: AssetRepository;
	readonly metadata: MetadataRepository;
	readonly maintenance: MaintenanceRepository;
	readonly settings: SettingsRepository;
	readonly passwordStates: PasswordStateRepository;
	readonly batches: UserBatchRepository;
	readonly batchWork: UserBatchWorkRepository;
	readonly queueStates: QueueStateRepository;
	readonly jobOrders: JobOrderRepository;
	readonly audit: AuditRepository;
	readonly notifications: NotificationRepository;
	readonly rateLimits: RateLimitRepository;
	readonly signInOrigins: SignInOriginRepository;
	readonly oauthFlows: OAuthFlowRepository;
	readonly oauthIdentities: OAuthIdentityRepository;
	readonly oauthUnlinks: OAuthUnlinkRepository;
}

/** All repositories, and transactions over them. */
export interface Store extends Repositories {
	/** These use connections of their own, outside of any transaction. */
	readonly copies: UserCopyRepository;
	readonly sessionLists: SessionListRepository;
	readonly apiKeyUsage: ApiKeyUsageRepository;
	readonly jobs: JobRepository;
	readonly cleanup: CleanupRepository;
	readonly server: ServerRepository;
	readonly libraryStatistics: LibraryStatisticsRepository;
	/** Runs `change` in one transaction. */
	transaction<Result>(
		change: (repositories: Repositories) => Promise<Result>,
		limits?: { readonly timeout: number }
	): Promise<Result>;
}

const repositoriesOver = (prisma: Prisma.TransactionClient | PrismaClient, pool: Pool, vault: Vault): Repositories => ({
	users: new UserRepository(prisma),
	directory: new UserDirectoryRepository(prisma),
	emailOrigins: new EmailOriginRepository(prisma),
	sessions: new SessionRepository(prisma, pool, vault),
	apiKeys: new ApiKeyRepository(prisma, pool),
	assets: new AssetRepository(prisma),
	metadata: new MetadataRepository(prisma),
	maintenance: new MaintenanceRepository(prisma, vault),
	settings: new SettingsRepository(prisma, vault),
	passwordStates: new PasswordStateRepository(prisma),
	batches: new UserBatchRepository(prisma),
	batchWork: new UserBatchWorkRepository(prisma),
	queueStates: new QueueStateRepository(prisma),
	jobOrders: new JobOrderRepository(prisma),
	audit: new AuditRepository(prisma),
	notifications: new NotificationRepository(prisma, pool),
	rateLimits: new RateLimitRepository(prisma),
	signInOrigins: new SignInOriginRepository(prisma),
	oauthFlows: new OAuthFlowRepository(prisma, vault),
	oauthIdentities: new OAuthIdentityRepository(prisma, vault),
	oauthUnlinks: new OAuthUnlinkRepository(prisma)
});

/** How long a transaction can wait for a connection, and then run, in milliseconds. */
const transactionLimits = { maxWait: 5_000, timeout: 10_000 };

/** Prisma's codes for a transaction that timed out, and for one that lost a conflict with another. */
const crowdedCodes = ['P2028', 'P2034'];

/**
 * Translates the errors of a transaction that got no connection or lost a conflict.
 * @throws {AppError} 503 for these
 */
async function unlessCrowded<Result>(change: Promise<Result>): Promise<Result> {
	try {
		return await change;
	} catch (error) {
		if (error instanceof Prisma.PrismaClientKnownRequestError && crowdedCodes.includes(error.code)) throw overloaded(2);
		throw error;
	}
}

export function createStore(prisma: PrismaClient, pool: Pool, vault: Vault): Store {
	return {
		...repositoriesOver(prisma, pool, vault),
		copies: new UserCopyRepository(pool),
		sessionLists: new SessionListRepository(pool),
		apiKeyUsage: new ApiKeyUsageRepository(pool),
		jobs: new JobRepository(pool),
		cleanup: new CleanupRepository(pool),
		server: new ServerRepository(pool),
		libraryStatistics: new LibraryStatisticsRepository(pool),
		transaction: (change, limits) =>
			unlessCrowded(
				prisma.$transaction((client) => change(repositoriesOver(client, pool, vault)), {
					...transactionLimits,
					...limits
				})
			)
	};
}
