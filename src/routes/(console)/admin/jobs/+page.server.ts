import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

const here = '/admin/jobs';

export const load = loadFor(({ services, event }) => {
	event.depends('console:jobs');
	return services.queues.view();
});

export const actions = {
	command: action(
		'runQueueCommandLegacy',
		({ auth, params, body, services }) => services.queues.command(auth, params.name, body.command),
		() => here
	),
	run: action(
		'createQueueJob',
		({ auth, params, body, services }) => services.queues.start(auth, params.name, body.name),
		() => here
	),
	retry: action(
		'retryQueue',
		({ auth, params, services }) => services.queues.retry(auth, params.name),
		() => here
	)
};
