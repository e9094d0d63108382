import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { building } from '$app/environment';
import { readEnv } from '#lib/server/config/env.ts';
import { createContainer, type Container } from '#lib/server/container.ts';
import { appGuard } from '#lib/server/http/app-guard.ts';
import { createContext } from '#lib/server/http/context.ts';
import { createDoor } from '#lib/server/http/door.ts';
import { maintenanceGuard } from '#lib/server/http/maintenance-guard.ts';
import { lifecycle } from '#lib/server/lifecycle.ts';

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
