import { error, isHttpError, isRedirect, type ServerLoadEvent } from '@sveltejs/kit';
import type { Auth } from '../caller/caller.ts';
import type { Services } from '#lib/server/app/container.ts';
import { report } from './endpoint.ts';
import { toAppError } from './error-response.ts';

interface PageCall<Event> {
	readonly auth: Auth;
	readonly services: Services;
	/** The id in the page's path; empty where it has none. */
	readonly id: string;
	readonly event: Event;
}

/** Loads a page's data from the services; the door has admitted the reader. Failures become the error page. */
export const load = <Event extends ServerLoadEvent, Data>(run: (call: PageCall<Event>) => Data | Promise<Data>) =>
	loadForAnyone((event: Event) => {
		const { auth, container } = event.locals;
		// A page under a rule that is not public is loaded only for somebody.
		if (!auth) throw new Error('A page without a caller');
		return run({ auth, services: container.services, id: event.params['id'] ?? '', event });
	});

/** The same for what is loaded for visitors too. */
export const loadForAnyone =
	<Event extends ServerLoadEvent, Data>(run: (event: Event) => Data | Promise<Data>) =>
	async (event: Event): Promise<Data> => {
		try {
			return await run(event);
		} catch (thrown) {
			if (isRedirect(thrown) || isHttpError(thrown)) throw thrown;
			const failed = toAppError(thrown, null);
			report(event, null, failed);
			const { status, message, details } = failed;
			return error(details.pageStatus ?? status, { message, correlationId: event.locals.correlationId });
		}
	};
