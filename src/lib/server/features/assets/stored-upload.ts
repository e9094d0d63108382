/** A file of a form that has been stored: named as the client says, with its content on the disk. */
export class StoredUpload extends File {
	/** The temporary file. Keeping the upload moves it away. */
	readonly path: string;
	readonly sizeBytes: number;
	/** The checksum of the content. */
	readonly sha1: Buffer;

	constructor(name: string, stored: Pick<StoredUpload, 'path' | 'sizeBytes' | 'sha1'>) {
		super([], name);
		this.path = stored.path;
		this.sizeBytes = stored.sizeBytes;
		this.sha1 = stored.sha1;
	}

	/** A form treats an empty file as none. */
	override get size(): number {
		return this.sizeBytes;
	}
}
