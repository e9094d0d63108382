import path from 'node:path';
import { OwnedAccess } from './auth/access.ts';
import { Attempts } from './auth/attempts.ts';
import { Authenticator } from './auth/authenticate.ts';
import { Identities } from './auth/identities.ts';
import { KeyUsage } from './auth/key-usage.ts';
import { PasswordPolicy } from './auth/password-policy.ts';
import { PasswordHasher } from './auth/password.ts';
import { Sessions } from './auth/sessions.ts';
import { SetupCode } from './auth/setup-code.ts';
import { SignInAttempts } from './auth/sign-in-attempts.ts';
import { AccessTokens } from './auth/tokens.ts';
import type { AppEnv } from './config/env.ts';
import { settingLocksOf } from './config/setting-locks.ts';
import { SettingsKey } from './config/settings-key.ts';
import { SettingsReader } from './config/settings.ts';
import { ChangeFeed } from './database/change-feed.ts';
import { openDatabase } from './database/database.ts';
import { transactionPoolerWarning } from './database/pooling.ts';
import { ProfileImageFiles } from './images/profile-image-files.ts';
import { SquareMaker } from './images/square.ts';
import { JobQueues } from './jobs/job-queues.ts';
import { workTable } from './jobs/work-table.ts';
import { FlowLimit } from './oauth/flow-limit.ts';
import { ProviderClient } from './oauth/provider-client.ts';
import { Readiness } from './health/readiness.ts';
import { createLog, setLogging } from './log.ts';
import { MaintenanceMode } from './maintenance/mode.ts';
import { startMetrics } from './metrics/metrics-server.ts';
import type { OpenResources } from './open-resources.ts';
import { Gateway } from './realtime/gateway.ts';
import { Holders } from './realtime/holders.ts';
import { EncryptionKeyRepository } from './repositories/encryption-key.repository.ts';
import { rewriteHashes } from './repositories/password-hashes.ts';
import { SigningSecretRepository } from './repositories/signing-secret.repository.ts';
import { createStore } from './repositories/store.ts';
import { openVault } from './secrets/open-vault.ts';
import { ApiKeyDetailsService } from './services/api-key-details.service.ts';
import { ApiKeyService } from './services/api-key.service.ts';
import { AuditService } from './services/audit.service.ts';
import { AuthService } from './services/auth.service.ts';
import { NotificationCleaner } from './services/notification-cleaner.ts';
import { NotificationService } from './services/notification.service.ts';
import { OwnProof } from './services/own-proof.ts';
import { PinCodeService } from './services/pin-code.service.ts';
import { IssuerClaims } from './services/issuer-claims.ts';
import { InstallService } from './services/install.service.ts';
import { LicenseService } from './services/license.service.ts';
import { MaintenanceService } from './services/maintenance.service.ts';
import { OAuthFlowService } from './services/oauth-flow.service.ts';
import { OAuthLinkService } from './services/oauth-link.service.ts';
import { OAuthLogoutService } from './services/oauth-logout.service.ts';
import { OAuthPictures } from './services/oauth-pictures.ts';
import { OAuthTryService } from './services/oauth-try.service.ts';
import { OAuthService } from './services/oauth.service.ts';
import { ProfileImageService } from './services/profile-image.service.ts';
import { ProviderSettingsService } from './services/provider-settings.service.ts';
import { QueueService } from './services/queue.service.ts';
import { ReleaseWatch } from './services/release-watch.ts';
import { ServerFactsService } from './services/server-facts.service.ts';
import { ServerService, spokenTag } from './services/server.service.ts';
import { SessionAdminService } from './services/session-admin.service.ts';
import { SessionLists } from './services/session-list.ts';
import { SessionService } from './services/session.service.ts';
import { SettingsGroupService } from './services/settings-group.service.ts';
import { SettingsWriter } from './services/settings-writer.ts';
import { SettingsService } from './services/settings.service.ts';
import { SignInRefusals } from './services/sign-in-refusals.ts';
import { SignInCheckService } from './services/sign-in-check.service.ts';
import { UserAdminService } from './services/user-admin.service.ts';
import { UserApiKeyService } from './services/user-api-key.service.ts';
import { UserBatchRunner } from './services/user-batch-runner.ts';
import { UserBatchService } from './services/user-batch.service.ts';
import { UserDirectoryService } from './services/user-directory.service.ts';
import { UserPasswordService } from './services/user-password.service.ts';
import { UserStatisticsService } from './services/user-statistics.service.ts';
import { UserService } from './services/user.service.ts';

/** Of a million PINs, ten in a quarter of an hour are no way in; a signed-in person's password is guessed no faster. */
const proofLimit = { name: 'pin', attempts: 10, periodSeconds: 15 * 60 };

interface Host {
	readonly onProgress?: (message: string) => void;
	/** Whoever owns the list closes it, also when this fails. */
	readonly resources: OpenResources;
}

/** Opens the database and puts the system together: the only module that calls a service's constructor. */
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
		onChange: (userId) => {
			identities.forget(userId);
			gateway.onPerson(userId);
		},
		onAccounts: (deletedIds) => gateway.onAccounts(deletedIds),
		onNotification: (userId, id) => gateway.onNotification(userId, id),
		onMaintenance: () => maintenance.follow(),
		onSettings: () => settings.follow(),
		onRelease: () => releases.follow(),
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
