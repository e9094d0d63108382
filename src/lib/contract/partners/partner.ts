import { z } from 'zod';
import { dateTime, objectId, objectIdParams } from '../fields.ts';
import { defineForm, defineUpstreamOperations } from '../operation.ts';
import { UserResponseDto } from '../users/user.ts';

/** Seen from the caller: those that the caller shares with, or those that share with the caller. */
export const PartnerDirection = z.enum(['shared-by', 'shared-with']);
export type PartnerDirection = z.output<typeof PartnerDirection>;

export const PartnerResponseDto = z
	.object({ ...UserResponseDto.shape, inTimeline: z.boolean().optional() })
	.meta({ id: 'PartnerResponseDto' });
export type Partner = z.output<typeof PartnerResponseDto>;

export const PartnerRequestDto = z
	.object({
		/** The other one: who asks, or who is asked. */
		user: UserResponseDto,
		createdAt: dateTime,
		expiresAt: dateTime
	})
	.meta({ id: 'PartnerRequestDto' });
export type PartnerRequest = z.output<typeof PartnerRequestDto>;

const page = '/(console)/account/partners';
const chosen = {
	fields: z.object({ user: objectId }),
	toParams: ({ user }: { readonly user: string }) => ({ id: user })
};

const directed = z.object({ direction: PartnerDirection });

export const partnerOperations = defineUpstreamOperations({
	getPartners: {
		summary: 'List the users one shares the library with, or who share theirs',
		rest: 'GET /api/partners',
		access: { permission: 'partner.read' },
		query: directed,
		reply: z.array(PartnerResponseDto)
	},
	createPartner: {
		summary: 'Share your library with a user, who may have to accept it',
		rest: 'POST /api/partners',
		form: defineForm({
			at: `${page}?/add`,
			fields: chosen.fields,
			toBody: ({ user }) => ({ sharedWithId: user })
		}),
		access: { permission: 'partner.create' },
		body: z.object({ sharedWithId: objectId }).meta({ id: 'PartnerCreateDto' }),
		reply: PartnerResponseDto,
		status: 201
	},
	createPartnerDeprecated: {
		summary: 'Share your library with a user; older clients use this path',
		rest: 'POST /api/partners/[id]',
		access: { permission: 'partner.create' },
		params: objectIdParams,
		reply: PartnerResponseDto,
		status: 201
	},
	updatePartner: {
		summary: 'Choose whether your timeline has the photos of a partner',
		rest: 'PUT /api/partners/[id]',
		form: defineForm({
			at: `${page}?/timeline`,
			fields: chosen.fields.extend({ inTimeline: z.boolean() }),
			toBody: ({ inTimeline }) => ({ inTimeline }),
			toParams: chosen.toParams
		}),
		access: { permission: 'partner.update' },
		params: objectIdParams,
		body: z.object({ inTimeline: z.boolean() }).meta({ id: 'PartnerUpdateDto' }),
		reply: PartnerResponseDto
	},
	removePartner: {
		summary: 'Stop sharing your library with a user, or withdraw the request',
		rest: 'DELETE /api/partners/[id]',
		form: defineForm({ at: [`${page}?/remove`, `${page}/[id=uuid]/stop?/default`], ...chosen }),
		access: { permission: 'partner.delete' },
		params: objectIdParams,
		status: 204
	},
	leavePartner: {
		summary: 'Stop receiving the library of a user',
		rest: 'DELETE /api/partners/[id]/received',
		form: defineForm({ at: [`${page}?/leave`, `${page}/[id=uuid]/leave?/default`], ...chosen }),
		access: { permission: 'partner.delete' },
		params: objectIdParams,
		status: 204
	},
	getPartnerRequests: {
		summary: 'List the libraries that wait for someone to accept them',
		rest: 'GET /api/partners/requests',
		access: { permission: 'partner.read' },
		query: directed,
		reply: z.array(PartnerRequestDto)
	},
	acceptPartner: {
		summary: 'Accept the library of a user',
		rest: 'POST /api/partners/requests/[id]/accept',
		form: defineForm({ at: `${page}?/accept`, ...chosen }),
		access: { permission: 'partner.update' },
		params: objectIdParams,
		reply: PartnerResponseDto
	},
	declinePartner: {
		summary: 'Decline the library of a user',
		rest: 'POST /api/partners/requests/[id]/decline',
		form: defineForm({ at: `${page}?/decline`, ...chosen }),
		access: { permission: 'partner.update' },
		params: objectIdParams,
		status: 204
	}
});
