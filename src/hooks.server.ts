import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { building } from '$app/environment';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { createContainer, type Container } from '#lib/server/app/container.ts';
import { appGuard } from '#lib/server/hooks/normal-guard.ts';
import { createContext } from '#lib/server/hooks/request-context.ts';
import { createDoor } from '#lib/server/hooks/auth-hook.ts';
import { maintenanceGuard } from '#lib/server/features/maintenance/guard.http.ts';
import { lifecycle } from '#lib/server/app/lifecycle.ts';

let container: Container;

export const init: ServerInit = async () => {
	if (building) return;
	container = await createContainer(readEnv(process.env), lifecycle);
	const { gateway } = container;
	lifecycle.publish({ attach: (server, sourceOf) => gateway.attach(server, sourceOf) });
};

export const handle = sequence(
	createContext(() => container),
	createDoor(() => (container.maintenance.isOn ? maintenanceGuard : appGuard))
);

export const handleError: HandleServerError = ({ error, event, status, message }) => {
	const { correlationId } = event.locals;
	if (status !== 404) container.log.error({ correlationId, path: event.url.pathname, error }, message);
	return { message: status === 404 ? 'There is no such page' : 'Something went wrong on the server', correlationId };
};
