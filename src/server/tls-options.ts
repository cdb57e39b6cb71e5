/** A certificate, key or the like: PEM text or its bytes. */
export type TlsFile = string | Uint8Array;

/** What the server shows to clients, and what it wants of them. Files are given by content, not by path. */
export interface TlsOptions {
  /** The certificate chain, the server's own certificate first. */
  readonly cert?: TlsFile | readonly TlsFile[];
  /** The private key of `cert`. */
  readonly key?: TlsFile | readonly TlsFile[];
  /** Certificate and key in one PKCS#12 file, instead of `cert` and `key`. */
  readonly pfx?: TlsFile;
  /** What `key` or `pfx` is encrypted with. */
  readonly passphrase?: string;
  /** The authorities that client certificates must come from. */
  readonly ca?: TlsFile | readonly TlsFile[];
  /** Whether clients are asked for a certificate. Default `false`. */
  readonly requestCert?: boolean;
  /** Whether clients whose certificate does not hold are refused, when they are asked. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** Default `"TLSv1.2"`. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3";
  /** An OpenSSL cipher list. Node's default is a good one. */
  readonly ciphers?: string;
}
