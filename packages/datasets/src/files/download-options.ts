/** How far a download is. */
export interface DownloadProgress {
  /** What the file is called. */
  readonly name: string;
  /** How many bytes of it are there. */
  readonly received: number;
  /** How many there are to be. */
  readonly total: number;
}

/** How downloads are watched and stopped. */
export interface DownloadOptions {
  /** Stops a download; what has arrived is kept, and the next one goes on from there. */
  readonly signal?: AbortSignal | undefined;
  /** Called while a file is on its way, many times a second. */
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}
