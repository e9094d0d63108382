import path from 'node:path';
import { Authenticator, Identities, OwnedAccess, OwnProof } from '#lib/server/features/access/index.ts';
import { Attempts } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import {
	ApiKeyDetailsService,
	ApiKeyService,
	KeyUsage,
	UserApiKeyService
} from '#lib/server/features/api-keys/index.ts';
import {
	PasswordPolicy,
	rewriteHashes,
	UserAdminService,
	UserPasswordService,
	UserService
} from '#lib/server/features/users/index.ts';
import { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { SessionAdminService, SessionLists, Sessions, SessionService } from '#lib/server/features/sessions/index.ts';
import {
	AuthService,
	PinCodeService,
	SetupCode,
	SignInAttempts,
	SignInCheckService,
	SignInRefusals
} from '#lib/server/features/sign-in/index.ts';
import { AccessTokens } from '#lib/server/platform/caller/access-tokens.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import {
	settingLocksOf,
	SettingsGroupService,
	SettingsKey,
	SettingsReader,
	SettingsService,
	SettingsWriter,
	SigningSecretRepository
} from '#lib/server/features/settings/index.ts';
import { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { transactionPoolerWarning } from '#lib/server/platform/database/pooling.ts';
import { ProfileImageFiles, ProfileImageService, SquareMaker } from '#lib/server/features/profile-images/index.ts';
import { JobQueues, QueueService, workTable } from '#lib/server/features/jobs/index.ts';
import {
	FlowLimit,
	IssuerClaims,
	OAuthFlowService,
	OAuthLinkService,
	OAuthLogoutService,
	OAuthPictures,
	OAuthService,
	OAuthTryService,
	ProviderClient,
	ProviderSettingsService
} from '#lib/server/features/oauth/index.ts';
import {
	Readiness,
	ReleaseWatch,
	ServerFactsService,
	ServerService,
	spokenTag
} from '#lib/server/features/server-info/index.ts';
import { createLog, setLogging } from '#lib/server/platform/log.ts';
import { InstallService, MaintenanceMode, MaintenanceService } from '#lib/server/features/maintenance/index.ts';
import { startMetrics } from './metrics/metrics-server.ts';
import type { OpenResources } from '#lib/server/platform/open-resources.ts';
import { Gateway, Holders } from '#lib/server/features/realtime/index.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { createStore } from './store.ts';
import { openVault } from '#lib/server/platform/secrets/open-vault.ts';
import { AuditService } from '#lib/server/features/audit/index.ts';
import { NotificationCleaner, NotificationService } from '#lib/server/features/notifications/index.ts';
import { LicenseService } from '#lib/server/features/licenses/index.ts';
import { UserBatchRunner, UserBatchService } from '#lib/server/features/user-batches/index.ts';
import { UserDirectoryService } from '#lib/server/features/user-directory/index.ts';
import { UserStatisticsService } from '#lib/server/features/statistics/index.ts';

/** Ten guesses in 15 minutes are too few for a million PINs. A signed-in user's password can't be guessed any faster. */
const proofLimit = { name: 'pin', attempts: 10, periodSeconds: 15 * 60 };

interface Host {
	readonly onProgress?: (message: string) => void;
	/** The owner closes them, also if this fails. */
	readonly resources: OpenResources;
}

/** Opens the database and wires up the services: the only module that calls their constructors. */
export async function createContainer(env: AppEnv, { onProgress = () => undefined, resources }: Host) {
	const log = createLog(env.logLevel);
	const database = await openDatabase({
		databaseUrl: env.database?.url,
		databaseVariable: env.database?.variable,
		dataDir: env.dataDir,
		migrationsDir: path.resolve('prisma/migrations'),
		onProgress,
		resources,
		onConnectionLost: (error) => log.error({ error: error.message }, 'Lost a connection to the database')
	});
	const keys = new EncryptionKeyRepository(database.prisma);
	const vault = await openVault({ keys, dataDir: env.dataDir, secrets: env.secrets, log, onProgress });
	const store = createStore(database.prisma, database.pool, vault);
	await rewriteHashes(database.pool);
	await store.transaction(async ({ settings, maintenance }) => {
		await settings.protect();
		await maintenance.protect();
	});
	const settings = await SettingsReader.open({ settings: store.settings, env, log });
	resources.add('settings', () => settings.stop());
	const applyLogging = () => setLogging(log, settings.current.system.logging);
	applyLogging();
	settings.onChange(applyLogging);
	const secrets = new SigningSecretRepository(database.prisma, vault);
	if (env.configFile !== undefined) await store.metadata.setOfSystem('admin-onboarding', { isOnboarded: true });
	const secret = await secrets.getOrCreate('session');
	const settingsKey = new SettingsKey(await secrets.getOrCreate('settings'));
	const settingLocks = settingLocksOf(env);
	const providerClient = new ProviderClient();
	// Another instance may have saved them.
	settings.onChange(() => providerClient.forget());
	const issuers = new IssuerClaims({ store, settings, client: providerClient });
	const oauthTools = { store, settings, issuers, client: providerClient };
	const settingsWriter = new SettingsWriter({
		store,
		settings,
		issuers,
		locks: settingLocks,
		log,
		onSaved: () => providerClient.forget()
	});
	if (database.pooling === 'transaction') log.warn(transactionPoolerWarning);
	const changes = new ChangeFeed(database.pooling === 'session' ? database.connection : null, {
		onDeaf: (error) =>
			log.error(
				{ error: error.message },
				'Database notifications are not arriving. Until they do, every request asks the database who it comes from'
			),
		onHearing: () => log.info('Database notifications are arriving again')
	});
	const releases = new ReleaseWatch({ store, settings, log, onRelease: (release) => gateway.onRelease(release) });
	const identities = new Identities(store, changes);
	const maintenance = new MaintenanceMode(store, log, {
		onSwitch: (isOn) => gateway.onMaintenance(isOn),
		onRead: () => gateway.onMaintenancePlan()
	});
	const ageLimits = () => settings.current.immichAuth.sessions;
	const sessions = new Sessions(store.sessions, identities, new AccessTokens(secret), ageLimits);
	const sessionLists = new SessionLists(store, settings);
	const passwords = new PasswordHasher();
	const policy = new PasswordPolicy(settings);
	const authenticator = new Authenticator(
		sessions,
		identities,
		() => settings.current.immichAuth.credentials.acceptInQuery
	);
	const server = new ServerService({ store, settings, env, maintenance });
	const maintenanceService = new MaintenanceService({ mode: maintenance, sessions: store.sessions, log });
	const gateway = new Gateway({
		authenticator,
		holders: new Holders(sessions, store.apiKeys),
		mode: maintenance,
		maintenance: maintenanceService,
		server,
		notifications: store.notifications,
		releases,
		log
	});
	settings.onChange(() => gateway.onSettings());
	changes.on('people', (userId) => identities.forget(userId));
	changes.on('people', (userId) => gateway.onPerson(userId));
	changes.on('accounts', (deletedIds) => gateway.onAccounts(deletedIds));
	changes.on('notifications', (userId, id) => gateway.onNotification(userId, id));
	changes.on('maintenance', () => maintenance.follow());
	changes.on('settings', () => settings.follow());
	changes.on('releases', () => releases.follow());
	resources.add('maintenance', () => maintenance.stop());
	resources.add('changes of the database', () => changes.stop());
	resources.add('websockets', () => gateway.stop());
	await changes.start();
	await maintenance.refresh();
	const setupCode = SetupCode.create(env.setupCode, await secrets.getOrCreate('setup'), database.pool);
	const proofAttempts = new Attempts(database.pool, proofLimit);
	const signInAttempts = new SignInAttempts(store.rateLimits, store.signInOrigins);
	const metrics = env.metrics && (await startMetrics(env.metrics, { pool: database.pool, store, passwords }));
	if (metrics) resources.add('metrics', () => metrics.stop());
	const onSignIn = (outcome: 'done' | 'refused') => metrics?.countSignIn(outcome);
	const refusals = new SignInRefusals({ audit: store.audit, signInAttempts, log, onSignIn });
	const proofs = new OwnProof({ store, passwords, attempts: proofAttempts });
	const auth = new AuthService({
		store,
		sessions,
		passwords,
		setupCode,
		policy,
		proofAttempts,
		signInAttempts,
		refusals,
		settings,
		env,
		log,
		onSignIn
	});
	const users = new UserService({ store, identities, auth, passwords, proofs, settings });
	const runner = new UserBatchRunner({ store, passwords, settings, log, isPaused: () => maintenance.isOn });
	const files = new ProfileImageFiles(env.dataDir);
	const profileImages = new ProfileImageService({ store, files, squares: new SquareMaker(), log });
	const flowLimit = new FlowLimit(database.pool, log);
	const oauthFlows = new OAuthFlowService({ ...oauthTools, key: settingsKey, limit: flowLimit });
	const pictures = new OAuthPictures({ profileImages, log });
	const apiKeys = new ApiKeyService(store);
	const keyUsage = new KeyUsage(store.apiKeyUsage, log);
	resources.add('use of API keys', () => keyUsage.stop());
	const access = new OwnedAccess(store);
	const cleaner = new NotificationCleaner(store, log);
	const queues = new JobQueues({
		pool: database.pool,
		table: workTable,
		tools: { store, settings, files, log, versionUrl: env.versionUrl },
		log,
		isHeld: () => maintenance.isOn
	});
	resources.add('user batches', () => runner.stop());
	await runner.watch();
	resources.add('notifications', () => cleaner.stop());
	cleaner.start();
	resources.add('jobs', () => queues.stop());
	await queues.start();
	if (metrics) log.info({ port: metrics.port }, 'Metrics are served');
	if (await auth.isSetupPending()) onProgress(setupCode.notice);
	await store.server.noteVersion(spokenTag.slice(1));
	return {
		authenticator,
		gateway,
		changes,
		maintenance,
		keyUsage,
		metrics,
		settings,
		log,
		services: {
			auth,
			oauthFlows,
			oauth: new OAuthService({ store, flows: oauthFlows, sessions, signInAttempts, pictures, log, onSignIn }),
			oauthLinks: new OAuthLinkService({ store, flows: oauthFlows, proofs, settings, log }),
			oauthTries: new OAuthTryService({ store, settings, flows: oauthFlows, client: providerClient }),
			oauthLogouts: new OAuthLogoutService({ ...oauthTools, auth, key: settingsKey, log }),
			users,
			sessions: new SessionService({ store, sessions, lists: sessionLists, access }),
			sessionsOfUsers: new SessionAdminService({ store, lists: sessionLists, log }),
			signInChecks: new SignInCheckService({ store, lists: sessionLists, attempts: signInAttempts, settings, log }),
			apiKeys,
			apiKeyDetails: new ApiKeyDetailsService({ store, apiKeys, usage: keyUsage }),
			userApiKeys: new UserApiKeyService({ store, usage: keyUsage, log }),
			notifications: new NotificationService({ store, access }),
			pinCodes: new PinCodeService({ store, passwords, attempts: proofAttempts, proofs, log }),
			userAdmin: new UserAdminService({ store, passwords, policy, proofs, settings, users, profileImages, log }),
			userPasswords: new UserPasswordService({
				store,
				passwords,
				policy,
				attempts: signInAttempts,
				proofs,
				settings,
				log
			}),
			userDirectory: new UserDirectoryService(store),
			audit: new AuditService(store),
			userBatches: new UserBatchService({ store, runner, log }),
			profileImages,
			userStatistics: new UserStatisticsService(store.assets),
			licenses: new LicenseService(store, env.licensePublicKeys),
			queues: new QueueService({ store, queues, settings, log }),
			server,
			serverFacts: new ServerFactsService({
				store,
				dataDir: env.dataDir,
				isDatabaseEmbedded: database.isEmbedded,
				readiness: new Readiness(store.server)
			}),
			maintenance: maintenanceService,
			installs: new InstallService(env.dataDir),
			settings: new SettingsService({ settings, writer: settingsWriter, key: settingsKey, locks: settingLocks }),
			providerSettings: new ProviderSettingsService({ store, settings, writer: settingsWriter }),
			settingsGroups: new SettingsGroupService({
				settings,
				writer: settingsWriter,
				key: settingsKey,
				locks: settingLocks
			})
		}
	};
}

export type Container = Awaited<ReturnType<typeof createContainer>>;
export type Services = Container['services'];
