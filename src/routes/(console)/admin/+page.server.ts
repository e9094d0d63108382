import { buildQrCode } from '#lib/server/features/shared-links/qr-code.http.ts';
import { listProviders } from '#lib/server/features/settings/index.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

/** How many of the latest events are listed. */
const shownEvents = 6;

export const load = loadFor(async ({ services, event }) => {
	const settings = event.locals.container.settings.current;
	const [overview, firstSteps, queues, disk, facts, { events }] = await Promise.all([
		services.overview.get(),
		services.overview.firstSteps(),
		services.queue.list(),
		services.serverFacts.storage(),
		services.serverFacts.facts(),
		services.audit.list({}, undefined, shownEvents)
	]);
	const { server, notifications, passwordLogin } = settings.system;
	const providers = listProviders(settings);
	const origin = publicOrigin(event);
	const { isDismissed, isBackupPlanned } = firstSteps;
	return {
		overview,
		events,
		existing: await services.audit.listExisting(events),
		health: {
			failedJobs: queues.reduce((sum, { statistics }) => sum + statistics.failed, 0),
			pausedQueues: queues.filter(({ isPaused }) => isPaused).length,
			freeBytes: disk.diskAvailableRaw,
			diskBytes: disk.diskSizeRaw
		},
		database: facts.database,
		signIn: { isPasswordOn: passwordLogin.enabled, providers: providers.map(({ buttonText }) => buttonText) },
		hasMailServer: notifications.smtp.enabled,
		firstSteps: isDismissed
			? null
			: {
					hasPublicUrl: server.externalDomain !== '',
					userCount: overview.users.total,
					hasProvider: providers.length > 0,
					hasMailServer: notifications.smtp.enabled,
					isBackupPlanned,
					hasAppSession: overview.sessions.apps > 0
				},
		origin,
		qrCode: isDismissed ? null : await buildQrCode(origin)
	};
});

export const actions = {
	firstSteps: action(
		'updateFirstStepsAdmin',
		({ auth, body, services }) => services.overview.setFirstSteps(auth, body),
		() => '/admin'
	)
};
