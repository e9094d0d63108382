import type { Fault } from './fault.ts';

const partners = ['tests/api/partners/partners.test.ts'];
const requests = ['tests/api/partners/partner-requests.test.ts'];
const service = 'src/lib/server/features/partners/partner.service.ts';
const requestService = 'src/lib/server/features/partners/partner-request.service.ts';
const requestRepository = 'src/lib/server/features/partners/partner-request.repository.ts';

/** Libraries shared with partners, and requests to accept them. */
export const partnerFaults: readonly Fault[] = [
	{
		title: 'users share with themselves',
		file: service,
		find: 'sharedWithId === id',
		replace: 'false',
		tests: partners
	},
	{
		title: 'who shares decides about the timeline of others',
		file: service,
		find: "requireAccess(repositories, { auth, permission: 'partner.update', ids: [sharedById] })",
		replace: 'Promise.resolve()',
		tests: partners
	},
	{
		title: 'a library is shared before it was accepted',
		file: service,
		find: 'this.#deps.settings.current.immichAuth.partners.mustAccept',
		replace: 'false',
		tests: requests
	},
	{
		title: 'a library is accepted that no one offered',
		file: requestService,
		find: '!(await partnerRequests.take(sharedById, auth.user.id))',
		replace: 'false',
		tests: requests
	},
	{
		title: 'an expired or declined request is accepted',
		file: requestRepository,
		find: 'Prisma.sql`request."declinedAt" IS NULL AND request."expiresAt" > now()`',
		replace: 'Prisma.sql`true`',
		tests: requests
	}
];
