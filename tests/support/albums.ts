import { expect } from 'vitest';
import { AlbumResponseDto, type AlbumRole } from '#lib/contract/albums/album.ts';
import type { Api } from './api.ts';
import { Sharing } from './sharing.ts';
import type { Lock } from './held.ts';

/** A user with a session. */
export interface Member {
	readonly id: string;
	readonly token: string;
}

/** Calls the operations of albums, and creates what they are about. */
export class Albums {
	readonly sharing: Sharing;
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
		this.sharing = new Sharing(api.prisma);
	}

	async signIn(name?: string): Promise<Member> {
		const { user, token } = await this.#api.accounts.signIn(name === undefined ? {} : { name });
		return { id: user.id, token };
	}

	call({ token }: Pick<Member, 'token'>, method: string, path: string, body?: unknown) {
		return this.#api.request(method, `/api${path}`, { token, ...(body !== undefined && { body }) });
	}

	/** Reads an album, and checks that it has no undocumented fields. */
	async get(member: Member, id: string) {
		const { status, body, text } = await this.call(member, 'GET', `/albums/${id}`);
		expect(status, text).toBe(200);
		return AlbumResponseDto.strict().parse(body);
	}

	/** An album of three members, with a photo of the owner and one of the editor. */
	async scene() {
		const [owner, editor, viewer, outsider] = [
			await this.signIn('Olga'),
			await this.signIn('Edda'),
			await this.signIn('Vera'),
			await this.signIn('Otto')
		];
		const ownerPhoto = await this.sharing.makePhoto(owner.id);
		const editorPhoto = await this.sharing.makePhoto(editor.id);
		const id = await this.sharing.makeAlbum(
			[
				[owner.id, 'owner'],
				[editor.id, 'editor'],
				[viewer.id, 'viewer']
			],
			[ownerPhoto, editorPhoto]
		);
		return { owner, editor, viewer, outsider, ownerPhoto, editorPhoto, id };
	}

	/** Reads the stored roles by user. */
	async roles(id: string): Promise<Record<string, AlbumRole>> {
		const rows = await this.#api.prisma.albumUser.findMany({ where: { albumId: id } });
		return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]));
	}

	/** Reads the stored photos. */
	async photos(id: string): Promise<string[]> {
		const rows = await this.#api.prisma.albumAsset.findMany({ where: { albumId: id } });
		return rows.map(({ assetId }) => assetId);
	}
}

export const albumRow = (id: string): Lock => ['SELECT 1 FROM "album" WHERE "id" = $1 FOR UPDATE', [id]];
export const noAccess = (permission: string) => [400, { message: `Not found or no ${permission} access` }];
