import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

const here = '/admin/jobs';

export const load = loadFor(({ services, event }) => {
	event.depends('console:jobs');
	return services.queue.view();
});

export const actions = {
	command: action(
		'runQueueCommandLegacy',
		({ auth, params, body, services }) => services.queue.command(auth, params.name, body.command),
		() => here
	),
	run: action(
		'createQueueJob',
		({ auth, params, body, services }) => services.queue.start(auth, params.name, body.name),
		() => here
	),
	retry: action(
		'retryQueue',
		({ auth, params, services }) => services.queue.retry(auth, params.name),
		() => here
	)
};
