import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { createContainer, type Container } from '#lib/server/app/container.ts';
import { toLoggedPath } from '#lib/server/platform/http/logged-path.ts';
import { createAuthHook, normalGuard } from '#lib/server/hooks/auth-hook.ts';
import { createFront } from '#lib/server/hooks/front-hook.ts';
import { createContext } from '#lib/server/hooks/request-context.ts';
import { maintenanceGuard } from '#lib/server/features/maintenance/maintenance-token.http.ts';
import { lifecycle } from '#lib/server/app/lifecycle.ts';

let container: Container;

export const init: ServerInit = async () => {
	if (building) return;
	container = await createContainer(readEnv(process.env), lifecycle);
	const { gateway } = container;
	lifecycle.publish({
		attach: (server, getSource) => gateway.attach(server, getSource),
		putInFront: (server, routes, getSource) => createFront(container, { server, routes, getSource })
	});
};

// Nested by hand: `sequence` takes about 5 % of a short request.
export const handle = createContext(
	() => container,
	createAuthHook(() => (container.maintenance.isOn ? maintenanceGuard : normalGuard))
);

export const handleError: HandleServerError = ({ error, event, status, message }) => {
	const { correlationId } = event.locals;
	if (status !== 404) container.log.error({ correlationId, path: toLoggedPath(event.url.pathname), error }, message);
	return { message: status === 404 ? 'There is no such page' : 'Something went wrong on the server', correlationId };
};
