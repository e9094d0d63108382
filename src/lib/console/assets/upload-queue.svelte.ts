/** A file that is being uploaded. */
export interface Upload {
	readonly key: number;
	readonly file: File;
	/** From 0 to 1. */
	progress: number;
	state: 'waiting' | 'sending' | 'done' | 'duplicate' | 'failed';
	reason: string | null;
}

const parallel = 3;

/** Uploads files a few at a time; failed ones can be retried. */
export class UploadQueue {
	readonly #address: string;
	readonly #onUploaded: () => void;
	#nextKey = 0;
	#running = 0;
	uploads = $state<Upload[]>([]);

	/**
	 * @param address where files are sent to, with the key of a shared link for its visitors
	 * @param onUploaded called once all files have ended, if any was new
	 */
	constructor(address: string, onUploaded: () => void) {
		this.#address = address;
		this.#onUploaded = onUploaded;
	}

	add(files: Iterable<File>): void {
		for (const file of files)
			this.uploads.push({ key: this.#nextKey++, file, progress: 0, state: 'waiting', reason: null });
		this.#fill();
	}

	retry(): void {
		for (const upload of this.uploads)
			if (upload.state === 'failed') Object.assign(upload, { state: 'waiting', progress: 0, reason: null });
		this.#fill();
	}

	clear(): void {
		this.uploads = this.uploads.filter(({ state }) => state === 'waiting' || state === 'sending');
	}

	count(...states: Upload['state'][]): number {
		return this.uploads.filter(({ state }) => states.includes(state)).length;
	}

	#fill(): void {
		while (this.#running < parallel) {
			const next = this.uploads.find(({ state }) => state === 'waiting');
			if (!next) break;
			next.state = 'sending';
			this.#running++;
			void send(this.#address, next).finally(() => {
				this.#running--;
				this.#fill();
				if (this.#running === 0 && this.count('done') > 0) this.#onUploaded();
			});
		}
	}
}

/** Uses XMLHttpRequest, because fetch reports no progress of what is sent. */
function send(address: string, upload: Upload): Promise<void> {
	const form = new FormData();
	const modified = new Date(upload.file.lastModified).toISOString();
	form.set('fileCreatedAt', modified);
	form.set('fileModifiedAt', modified);
	form.set('assetData', upload.file);
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		request.upload.addEventListener('progress', ({ loaded, total }) => (upload.progress = total ? loaded / total : 0));
		request.addEventListener('load', () => {
			const isStored = request.status === 200 || request.status === 201;
			upload.state = isStored ? (request.status === 200 ? 'duplicate' : 'done') : 'failed';
			upload.reason = isStored ? null : readReason(request.responseText);
			upload.progress = 1;
			resolve();
		});
		const fail = () => {
			upload.state = 'failed';
			upload.reason = 'Couldn’t reach the server.';
			resolve();
		};
		request.addEventListener('error', fail);
		request.addEventListener('abort', fail);
		request.open('POST', address);
		request.send(form);
	});
}

function readReason(text: string): string {
	try {
		const { message } = JSON.parse(text) as { message?: unknown };
		return typeof message === 'string' ? message : 'The upload failed.';
	} catch {
		return 'The upload failed.';
	}
}
