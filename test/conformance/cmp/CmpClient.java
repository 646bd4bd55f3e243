import java.io.ByteArrayOutputStream;
import java.io.FileReader;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Date;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cmp.CMPCertificate;
import org.bouncycastle.asn1.cmp.CertConfirmContent;
import org.bouncycastle.asn1.cmp.CertOrEncCert;
import org.bouncycastle.asn1.cmp.CertResponse;
import org.bouncycastle.asn1.cmp.CertStatus;
import org.bouncycastle.asn1.cmp.ErrorMsgContent;
import org.bouncycastle.asn1.cmp.PBMParameter;
import org.bouncycastle.asn1.cmp.PKIBody;
import org.bouncycastle.asn1.cmp.PKIMessage;
import org.bouncycastle.asn1.cmp.PKIMessages;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.crmf.SubsequentMessage;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.cmp.GeneralPKIMessage;
import org.bouncycastle.cert.cmp.ProtectedPKIMessage;
import org.bouncycastle.cert.cmp.ProtectedPKIMessageBuilder;
import org.bouncycastle.cert.crmf.CertificateRepMessage;
import org.bouncycastle.cert.crmf.CertificateReqMessages;
import org.bouncycastle.cert.crmf.CertificateReqMessagesBuilder;
import org.bouncycastle.cert.crmf.CertificateRequestMessageBuilder;
import org.bouncycastle.cert.crmf.PKMACBuilder;
import org.bouncycastle.cert.crmf.jcajce.JcePKMACValuesCalculator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.crypto.macs.KMAC;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.MacCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.util.encoders.Hex;

/**
 * A CMP client on Bouncy Castle. Arguments: the address before the profile, the reference and the
 * secret of an account, its certificate and key (PEM), the certificate of its CA (DER), and a file
 * with a line for each enrolment: name, way (pbm, pbmac1, hmac, kmac, signature, hash, encrypted,
 * vouched, batch), profile, common name. It prints a line for each: name, and the certificate in hex
 * or why there is none.
 */
public final class CmpClient {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ITERATIONS = 2000;

  private final String address;
  private final String reference;
  private final char[] secret;
  private final X509CertificateHolder account;
  private final PrivateKey accountKey;
  private final X509CertificateHolder authority;

  private CmpClient(String[] args) throws Exception {
    address = args[0];
    reference = args[1];
    secret = args[2].toCharArray();
    account = (X509CertificateHolder) read(args[3]);
    Object key = read(args[4]);
    PrivateKeyInfo info = key instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) key;
    accountKey = new JcaPEMKeyConverter().getPrivateKey(info);
    authority = new X509CertificateHolder(Files.readAllBytes(Path.of(args[5])));
  }

  private static Object read(String file) throws Exception {
    try (PEMParser parser = new PEMParser(new FileReader(file))) {
      return parser.readObject();
    }
  }

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    CmpClient client = new CmpClient(args);
    for (String line : Files.readAllLines(Path.of(args[6]))) {
      String[] fields = line.split("\t");
      System.out.println(fields[0] + "\t" + client.enrol(fields[1], fields[2], fields[3]));
    }
  }

  /** What the messages of one transaction have in common. */
  private record Transaction(int pvno, String protection, String url, byte[] id) {}

  private String enrol(String way, String profile, String name) {
    try {
      String url = address + "/p/" + profile.replace('/', '~');
      boolean isSigned = way.equals("signature") || way.equals("hash") || way.equals("encrypted");
      String protection = isSigned ? "signature" : way.equals("vouched") || way.equals("batch") ? "pbm" : way;
      int pvno = way.equals("hash") || way.equals("encrypted") ? 3 : 2;
      Transaction transaction = new Transaction(pvno, protection, url, random());
      KeyPair keys = keys(way.equals("encrypted") ? "RSA" : "EC");
      ProtectedPKIMessage request = request(transaction, keys, new X500Name("CN=" + name), null);
      ProtectedPKIMessage answer =
          switch (way) {
            case "vouched" -> verified(send(url, nested(transaction.id, request)), request, transaction);
            case "batch" -> inBatch(transaction, keys, request);
            default -> verified(send(url, request), request, transaction);
          };
      CMPCertificate certificate = certificateIn(answer, keys);
      CertStatus status = status(certificate, pvno);
      PKIBody confirmation = new PKIBody(PKIBody.TYPE_CERT_CONFIRM, confirm(status));
      ProtectedPKIMessage confirmed = protect(builder(transaction, answer).setBody(confirmation), protection);
      int end = verified(send(url, confirmed), confirmed, transaction).getBody().getType();
      return end == PKIBody.TYPE_CONFIRM ? Hex.toHexString(certificate.getEncoded()) : "no pkiconf: " + end;
    } catch (Exception e) {
      return "failed: " + e;
    }
  }

  private static byte[] random() {
    byte[] octets = new byte[16];
    RANDOM.nextBytes(octets);
    return octets;
  }

  private static KeyPair keys(String type) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
    generator.initialize(type.equals("EC") ? 256 : 3072);
    return generator.generateKeyPair();
  }

  private ProtectedPKIMessageBuilder builder(Transaction transaction, ProtectedPKIMessage answered) {
    boolean isSigned = transaction.protection.equals("signature");
    X500Name sender = isSigned ? account.getSubject() : new X500Name("CN=" + reference);
    byte[] identifier =
        isSigned
            ? SubjectKeyIdentifier.fromExtensions(account.getExtensions()).getKeyIdentifier()
            : reference.getBytes(StandardCharsets.US_ASCII);
    GeneralName recipient = new GeneralName(authority.getSubject());
    ProtectedPKIMessageBuilder builder =
        new ProtectedPKIMessageBuilder(transaction.pvno, new GeneralName(sender), recipient)
            .setMessageTime(new Date())
            .setTransactionID(transaction.id)
            .setSenderKID(identifier)
            .setSenderNonce(random());
    return answered == null ? builder : builder.setRecipNonce(answered.getHeader().getSenderNonce().getOctets());
  }

  private ProtectedPKIMessage request(
      Transaction transaction, KeyPair keys, X500Name subject, ProtectedPKIMessage answered) throws Exception {
    CertificateRequestMessageBuilder request =
        new CertificateRequestMessageBuilder(BigInteger.ZERO)
            .setSubject(subject)
            .setPublicKey(SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    if (keys.getPublic().getAlgorithm().equals("RSA"))
      request.setProofOfPossessionSubsequentMessage(SubsequentMessage.encrCert);
    else
      request.setProofOfPossessionSigningKeySigner(
          new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    CertificateReqMessagesBuilder messages = new CertificateReqMessagesBuilder();
    messages.addRequest(request.build());
    CertificateReqMessages body = messages.build();
    return protect(builder(transaction, answered).setBody(PKIBody.TYPE_CERT_REQ, body), transaction.protection);
  }

  private ProtectedPKIMessage protect(ProtectedPKIMessageBuilder builder, String protection) throws Exception {
    if (!protection.equals("signature")) return builder.build(mac(protection, random()));
    builder.addCMPCertificate(account).addCMPCertificate(authority);
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(accountKey));
  }

  /** `salt`: for PBMAC1. */
  private MacCalculator mac(String protection, byte[] salt) throws Exception {
    byte[] key = new String(secret).getBytes(StandardCharsets.US_ASCII);
    return switch (protection) {
      case "pbm" -> {
        AlgorithmIdentifier sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        AlgorithmIdentifier hmac = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256);
        PBMParameter parameters = new PBMParameter(random(), sha256, 1000, hmac);
        yield new PKMACBuilder(new JcePKMACValuesCalculator().setProvider("BC")).setParameters(parameters).build(secret);
      }
      case "pbmac1" -> {
        // The calculator of 1.80 names PBES2 as the key derivation function, which RFC 8018 does not.
        AlgorithmIdentifier hmac = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
        PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS, 32, hmac);
        AlgorithmIdentifier pbkdf2 = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBKDF2, derivation);
        PBMAC1Params parameters = new PBMAC1Params(pbkdf2, hmac);
        yield new Keyed(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBMAC1, parameters), octets -> hmac(derived(salt), octets));
      }
      case "hmac" -> new Keyed(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256), octets -> hmac(key, octets));
      default -> new Keyed(new AlgorithmIdentifier(NISTObjectIdentifiers.id_KmacWithSHAKE256), octets -> kmac(key, octets));
    };
  }

  private byte[] derived(byte[] salt) throws Exception {
    PBEKeySpec specification = new PBEKeySpec(secret, salt, ITERATIONS, 256);
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(specification).getEncoded();
  }

  private static byte[] hmac(byte[] key, byte[] octets) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(octets);
  }

  private static byte[] kmac(byte[] key, byte[] octets) {
    KMAC mac = new KMAC(256, new byte[0]);
    mac.init(new KeyParameter(key));
    mac.update(octets, 0, octets.length);
    byte[] value = new byte[mac.getMacSize()];
    mac.doFinal(value, 0);
    return value;
  }

  private interface Compute {
    byte[] of(byte[] octets) throws Exception;
  }

  /** A MAC that Bouncy Castle does not compute for messages (RFC 9481 6.1.2 and 6.2). */
  private static final class Keyed implements MacCalculator {
    private final AlgorithmIdentifier algorithm;
    private final Compute compute;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    Keyed(AlgorithmIdentifier algorithm, Compute compute) {
      this.algorithm = algorithm;
      this.compute = compute;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return octets;
    }

    @Override
    public byte[] getMac() {
      try {
        return compute.of(octets.toByteArray());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public GenericKey getKey() {
      throw new UnsupportedOperationException();
    }
  }

  private PKIMessage send(String url, ProtectedPKIMessage message) throws Exception {
    byte[] octets = message.toASN1Structure().getEncoded(ASN1Encoding.DER);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/pkixcmp")
            .POST(HttpRequest.BodyPublishers.ofByteArray(octets))
            .build();
    HttpResponse<byte[]> said = HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofByteArray());
    if (said.statusCode() != 200) throw new IllegalStateException(said.statusCode() + " " + new String(said.body()));
    return PKIMessage.getInstance(said.body());
  }

  /** The answer, after its protection and the fields that RFC 9483 3.1 requires were checked. */
  private ProtectedPKIMessage verified(PKIMessage answer, ProtectedPKIMessage request, Transaction transaction)
      throws Exception {
    if (answer.getBody().getType() == PKIBody.TYPE_ERROR)
      throw new IllegalStateException(textOf(ErrorMsgContent.getInstance(answer.getBody().getContent()).getPKIStatusInfo()));
    ProtectedPKIMessage message = new ProtectedPKIMessage(new GeneralPKIMessage(answer));
    if (!isProtected(message, transaction.protection)) throw new IllegalStateException("the protection is wrong");
    byte[] nonce = request.getHeader().getSenderNonce().getOctets();
    if (!Arrays.equals(answer.getHeader().getRecipNonce().getOctets(), nonce)) throw new IllegalStateException("recipNonce");
    if (!Arrays.equals(answer.getHeader().getTransactionID().getOctets(), transaction.id))
      throw new IllegalStateException("transactionID");
    return message;
  }

  private boolean isProtected(ProtectedPKIMessage message, String protection) throws Exception {
    switch (protection) {
      case "pbm":
        return message.verify(new PKMACBuilder(new JcePKMACValuesCalculator()), secret);
      case "signature":
        X509CertificateHolder signer = message.getCertificates()[0];
        var verifiers = new JcaContentVerifierProviderBuilder().setProvider("BC");
        return signer.isSignatureValid(verifiers.build(authority)) && message.verify(verifiers.build(signer));
      default:
        MacCalculator mac = mac(protection, protection.equals("pbmac1") ? saltOf(message) : null);
        var part = new org.bouncycastle.asn1.DERSequence(
            new org.bouncycastle.asn1.ASN1Encodable[] {message.getHeader(), message.getBody()});
        mac.getOutputStream().write(part.getEncoded(ASN1Encoding.DER));
        return Arrays.equals(mac.getMac(), message.toASN1Structure().getProtection().getOctets());
    }
  }

  /** Each answer has a salt of its own. */
  private static byte[] saltOf(ProtectedPKIMessage message) {
    PBMAC1Params parameters = PBMAC1Params.getInstance(message.getHeader().getProtectionAlg().getParameters());
    return PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters()).getSalt();
  }

  private static String textOf(PKIStatusInfo status) {
    String text = status.getStatusString() == null ? "" : status.getStatusString().getStringAtUTF8(0).getString();
    return "status " + status.getStatus() + ", failInfo " + status.getFailInfo() + ": " + text;
  }

  /** A signature of the account around a request of its own. */
  private ProtectedPKIMessage nested(byte[] id, ProtectedPKIMessage... messages) throws Exception {
    PKIMessage[] inner = new PKIMessage[messages.length];
    for (int at = 0; at < inner.length; at++) inner[at] = messages[at].toASN1Structure();
    ProtectedPKIMessageBuilder builder = builder(new Transaction(2, "signature", null, id), null);
    if (inner.length == 1) builder.setSenderNonce(messages[0].getHeader().getSenderNonce().getOctets());
    return protect(builder.setBody(new PKIBody(PKIBody.TYPE_NESTED, new PKIMessages(inner))), "signature");
  }

  /** Sends two requests in one batch; the first answer is returned, and both are checked. */
  private ProtectedPKIMessage inBatch(Transaction first, KeyPair keys, ProtectedPKIMessage request) throws Exception {
    Transaction second = new Transaction(first.pvno, first.protection, first.url, random());
    X500Name subject = new X500Name("CN=" + Hex.toHexString(random()));
    ProtectedPKIMessage other = request(second, keys("EC"), subject, null);
    Transaction outer = new Transaction(2, "signature", first.url, random());
    ProtectedPKIMessage sent = nested(outer.id, request, other);
    ProtectedPKIMessage answer = verified(send(first.url, sent), sent, outer);
    PKIMessage[] inner = PKIMessages.getInstance(answer.getBody().getContent()).toPKIMessageArray();
    if (inner.length != 2) throw new IllegalStateException(inner.length + " answers");
    verified(inner[1], other, second);
    return verified(inner[0], request, first);
  }

  private static CMPCertificate certificateIn(ProtectedPKIMessage answer, KeyPair keys) throws Exception {
    var response = CertificateRepMessage.fromPKIBody(answer.getBody()).getResponses()[0];
    CertResponse structure = response.toASN1Structure();
    int status = structure.getStatus().getStatus().intValue();
    if (status != PKIStatus.GRANTED && status != PKIStatus.GRANTED_WITH_MODS)
      throw new IllegalStateException(textOf(structure.getStatus()));
    CertOrEncCert sent = structure.getCertifiedKeyPair().getCertOrEncCert();
    if (!sent.hasEncryptedCertificate()) return sent.getCertificate();
    return response.getCertificate(new JceKeyTransEnvelopedRecipient(keys.getPrivate()));
  }

  private static CertStatus status(CMPCertificate certificate, int pvno) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    if (pvno < 3) return new CertStatus(hash, BigInteger.ZERO);
    AlgorithmIdentifier sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    return new CertStatus(hash, BigInteger.ZERO, new PKIStatusInfo(PKIStatus.granted), sha256);
  }

  private static CertConfirmContent confirm(CertStatus status) {
    return CertConfirmContent.getInstance(new org.bouncycastle.asn1.DERSequence(status));
  }
}
