import { error, isHttpError, isRedirect, type ServerLoadEvent } from '@sveltejs/kit';
import type { Auth } from '../caller/caller.ts';
import { report } from './endpoint.ts';
import { toAppError } from './error-response.ts';

interface PageCall<Event> {
	readonly auth: Auth;
	readonly services: App.Locals['container']['services'];
	/** The ID in the page's path; empty if it has none. */
	readonly id: string;
	readonly event: Event;
}

/** Loads a page's data from the services, for a caller admitted by the auth hook. Errors become the error page. */
export const load = <Event extends ServerLoadEvent, Data>(run: (call: PageCall<Event>) => Data | Promise<Data>) =>
	loadForAnyone((event: Event) => {
		const { auth, container } = event.locals;
		// A page with a non-public access rule is loaded only for an authenticated caller.
		if (!auth) throw new Error('A page without a caller');
		return run({ auth, services: container.services, id: event.params['id'] ?? '', event });
	});

/** The same for data that is also loaded for visitors who aren't signed in. */
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
