import type { RequestEvent } from '@sveltejs/kit';

/** The server's address as shown to users: from the settings, otherwise the one of the current request. */
export const publicOrigin = ({ url, locals }: Pick<RequestEvent, 'url' | 'locals'>): string =>
	locals.container.settings.current.system.server.externalDomain || url.origin;
