/** The header fields of a request that a guard looks at; null where there is none. */
export interface Fields {
  readonly authorization: readonly string[];
  readonly originalUri: string | null;
  readonly originalMethod: string | null;
  readonly forwardedUri: string | null;
  readonly forwardedMethod: string | null;
  readonly forwardedFor: string | null;
  readonly realIp: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** A body is announced, or could follow. */
  readonly hasBody: boolean;
  /** Another protocol is proposed. It is not taken up, and the parser is of no use after it. */
  readonly hasUpgrade: boolean;
  /** One of the fields that say which request was made is there twice. */
  readonly isDoubled: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NONE: readonly string[] = [];

/** Reads the pairs of `IncomingMessage.rawHeaders`: the parsed headers keep only the first of two. */
export const readFields = (raw: readonly string[]): Fields => {
  const fields: Mutable<Fields> = {
    authorization: NONE,
    originalUri: null,
    originalMethod: null,
    forwardedUri: null,
    forwardedMethod: null,
    forwardedFor: null,
    realIp: null,
    userAgent: null,
    requestId: null,
    hasBody: false,
    hasUpgrade: false,
    isDoubled: false,
  };
  for (let i = 0; i + 1 < raw.length; i += 2) readField(fields, raw[i]!, raw[i + 1]!);
  return fields;
};

const readField = (fields: Mutable<Fields>, name: string, value: string): void => {
  switch (name.toLowerCase()) {
    case 'authorization':
      fields.authorization = [...fields.authorization, value];
      break;
    case 'x-original-uri':
      fields.isDoubled ||= fields.originalUri !== null;
      fields.originalUri = value;
      break;
    case 'x-original-method':
      fields.isDoubled ||= fields.originalMethod !== null;
      fields.originalMethod = value;
      break;
    case 'x-forwarded-uri':
      fields.isDoubled ||= fields.forwardedUri !== null;
      fields.forwardedUri = value;
      break;
    case 'x-forwarded-method':
      fields.isDoubled ||= fields.forwardedMethod !== null;
      fields.forwardedMethod = value;
      break;
    case 'x-forwarded-for':
      // One list, whether in one field or in several (RFC 9110 section 5.3).
      fields.forwardedFor =
        fields.forwardedFor === null ? value : `${fields.forwardedFor},${value}`;
      break;
    case 'x-real-ip':
      // Two addresses are none.
      fields.realIp = fields.realIp === null ? value : '';
      break;
    case 'user-agent':
      fields.userAgent ??= value;
      break;
    case 'x-request-id':
      fields.requestId ??= value;
      break;
    case 'content-length':
      fields.hasBody ||= value !== '' && value !== '0';
      break;
    case 'transfer-encoding':
    case 'expect':
      fields.hasBody = true;
      break;
    case 'upgrade':
      fields.hasUpgrade = true;
      break;
    default:
  }
};
