import type { RequestEvent } from '@sveltejs/kit';

/** The address that people are told: the one in the settings, or the one that the reader uses now. */
export const publicOrigin = ({ url, locals }: Pick<RequestEvent, 'url' | 'locals'>): string =>
	locals.container.settings.current.system.server.externalDomain || url.origin;
