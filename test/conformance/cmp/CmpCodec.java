import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cmp.CMPCertificate;
import org.bouncycastle.asn1.cmp.CMPObjectIdentifiers;
import org.bouncycastle.asn1.cmp.CertOrEncCert;
import org.bouncycastle.asn1.cmp.CertRepMessage;
import org.bouncycastle.asn1.cmp.CertResponse;
import org.bouncycastle.asn1.cmp.CertifiedKeyPair;
import org.bouncycastle.asn1.cmp.ErrorMsgContent;
import org.bouncycastle.asn1.cmp.GenMsgContent;
import org.bouncycastle.asn1.cmp.InfoTypeAndValue;
import org.bouncycastle.asn1.cmp.PKIBody;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.cmp.PKIFreeText;
import org.bouncycastle.asn1.cmp.PKIMessage;
import org.bouncycastle.asn1.cmp.PKIMessages;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cmp.PollRepContent;
import org.bouncycastle.asn1.cmp.PollReqContent;
import org.bouncycastle.asn1.cmp.RevReqContent;
import org.bouncycastle.asn1.crmf.CertId;
import org.bouncycastle.asn1.crmf.SubsequentMessage;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.cmp.CertificateConfirmationContentBuilder;
import org.bouncycastle.cert.cmp.ProtectedPKIMessageBuilder;
import org.bouncycastle.cert.cmp.RevocationDetailsBuilder;
import org.bouncycastle.cert.crmf.CertificateRepMessage;
import org.bouncycastle.cert.crmf.CertificateReqMessages;
import org.bouncycastle.cert.crmf.CertificateReqMessagesBuilder;
import org.bouncycastle.cert.crmf.CertificateRequestMessageBuilder;
import org.bouncycastle.cert.crmf.CertificateResponse;
import org.bouncycastle.cert.crmf.Control;
import org.bouncycastle.cert.crmf.EncryptedValueParser;
import org.bouncycastle.cert.crmf.PKMACBuilder;
import org.bouncycastle.cert.crmf.RegTokenControl;
import org.bouncycastle.cert.crmf.jcajce.JceAsymmetricValueDecryptorGenerator;
import org.bouncycastle.cert.crmf.jcajce.JcePKMACValuesCalculator;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.MacCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcePBMac1CalculatorBuilder;
import org.bouncycastle.util.encoders.Hex;

/**
 * CMP messages as Bouncy Castle reads and makes them. `again FILE`: a line of hex for each message of
 * the file, encoded again from what was read, or `refused` and why. `make CERTIFICATE`: a line for
 * each message that its builders make, name and hex. `decrypt KEY FILE`: the certificate of each ip.
 */
public final class CmpCodec {
  private static final SecretBuilder[] MACS = {
    () -> new PKMACBuilder(new JcePKMACValuesCalculator()).build("1234".toCharArray()),
    () -> new JcePBMac1CalculatorBuilder("HmacSHA256", 256).setProvider("BC").build("1234".toCharArray()),
  };

  private interface SecretBuilder {
    MacCalculator build() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    switch (args[0]) {
      case "again" -> {
        for (String line : Files.readAllLines(Path.of(args[1]))) System.out.println(again(line));
      }
      case "make" -> make(new X509CertificateHolder(Files.readAllBytes(Path.of(args[1]))));
      default -> {
        byte[] key = Files.readAllBytes(Path.of(args[1]));
        PrivateKey own = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
        for (String line : Files.readAllLines(Path.of(args[2]))) System.out.println(decrypt(own, line));
      }
    }
  }

  private static String again(String line) {
    try {
      return hex(PKIMessage.getInstance(Hex.decode(line)));
    } catch (Exception e) {
      return "refused: " + e;
    }
  }

  private static String hex(ASN1Encodable value) throws Exception {
    return Hex.toHexString(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
  }

  private static String decrypt(PrivateKey key, String line) throws Exception {
    PKIBody body = PKIMessage.getInstance(Hex.decode(line)).getBody();
    CertificateResponse response = CertificateRepMessage.fromPKIBody(body).getResponses()[0];
    CertOrEncCert sent = response.toASN1Structure().getCertifiedKeyPair().getCertOrEncCert();
    if (sent.getEncryptedCert().isEncryptedValue()) {
      var value = org.bouncycastle.asn1.crmf.EncryptedValue.getInstance(sent.getEncryptedCert().getValue());
      var decryptor = new JceAsymmetricValueDecryptorGenerator(key).setProvider("BC");
      return Hex.toHexString(new EncryptedValueParser(value).readCertificateHolder(decryptor).getEncoded());
    }
    return Hex.toHexString(response.getCertificate(new JceKeyTransEnvelopedRecipient(key)).getEncoded());
  }

  private static ProtectedPKIMessageBuilder builder(int pvno) {
    GeneralName sender = new GeneralName(new X500Name("O=Organisation,CN=device-1"));
    GeneralName recipient = new GeneralName(new X500Name("CN=CA"));
    return new ProtectedPKIMessageBuilder(pvno, sender, recipient)
        .setMessageTime(new Date())
        .setSenderKID("device-1".getBytes())
        .setRecipKID(new byte[] {1, 2})
        .setTransactionID(new byte[16])
        .setSenderNonce(new byte[16])
        .setRecipNonce(new byte[] {3})
        .setFreeText(new PKIFreeText(new String[] {"one", "deux é"}))
        .addGeneralInfo(new InfoTypeAndValue(CMPObjectIdentifiers.it_implicitConfirm, DERNull.INSTANCE));
  }

  private static CertificateRequestMessageBuilder request(KeyPair keys) throws Exception {
    SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, "app.example.org"));
    return new CertificateRequestMessageBuilder(BigInteger.ZERO)
        .setSubject(new X500Name("C=FR,CN=APP-1"))
        .setIssuer(new X500Name("CN=CA"))
        .setValidity(new Date(), new Date(System.currentTimeMillis() + 86_400_000L))
        .setPublicKey(key)
        .addExtension(Extension.subjectAlternativeName, true, names);
  }

  private static void make(X509CertificateHolder certificate) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    CertificateRequestMessageBuilder[] requests = {
      request(keys).setProofOfPossessionSigningKeySigner(signer),
      request(keys).setProofOfPossessionSigningKeySigner(signer).addControl(new RegTokenControl("token")),
      request(keys).setProofOfPossessionRaVerified(),
      request(keys).setProofOfPossessionSubsequentMessage(SubsequentMessage.encrCert),
      request(keys).setProofOfPossessionSubsequentMessage(SubsequentMessage.challengeResp),
      request(keys).setProofOfPossessionSigningKeySigner(signer).addControl(oldCertId()),
      new CertificateRequestMessageBuilder(BigInteger.valueOf(200)),
    };
    for (int at = 0; at < requests.length; at++) {
      CertificateReqMessagesBuilder messages = new CertificateReqMessagesBuilder();
      messages.addRequest(requests[at].build());
      CertificateReqMessages made = messages.build();
      int type = new int[] {PKIBody.TYPE_INIT_REQ, PKIBody.TYPE_CERT_REQ, PKIBody.TYPE_KEY_UPDATE_REQ}[at % 3];
      var mac = builder(2 + at % 2).setBody(type, made).build(MACS[at % 2].build());
      System.out.println("request " + at + "\t" + hex(mac.toASN1Structure()));
      var signed = builder(2).setBody(type, made).addCMPCertificate(certificate).build(signer);
      System.out.println("signed request " + at + "\t" + hex(signed.toASN1Structure()));
    }
    for (PKIBody body : bodies(certificate, keys, signer)) {
      var message = builder(3).setBody(body).addCMPCertificate(certificate).build(signer).toASN1Structure();
      System.out.println("body " + body.getType() + "\t" + hex(message));
      PKIMessages nested = new PKIMessages(new PKIMessage[] {message, message});
      var outer = builder(2).setBody(new PKIBody(PKIBody.TYPE_NESTED, nested)).build(signer);
      System.out.println("nested " + body.getType() + "\t" + hex(outer.toASN1Structure()));
    }
  }

  private static Control oldCertId() {
    return new Control() {
      @Override
      public ASN1ObjectIdentifier getType() {
        return new ASN1ObjectIdentifier("1.3.6.1.5.5.7.5.1.5");
      }

      @Override
      public ASN1Encodable getValue() {
        return new CertId(new GeneralName(new X500Name("CN=CA")), BigInteger.valueOf(4711));
      }
    };
  }

  private static PKIBody[] bodies(X509CertificateHolder certificate, KeyPair keys, ContentSigner signer)
      throws Exception {
    var digests = new JcaDigestCalculatorProviderBuilder().build();
    var accepted = new CertificateConfirmationContentBuilder().addAcceptedCertificate(certificate, BigInteger.ZERO);
    var revoked = new RevocationDetailsBuilder().setIssuer(new X500Name("CN=CA")).setSerialNumber(BigInteger.TEN);
    X500Name subject = new X500Name("CN=APP-3");
    var pkcs10 = new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic()).build(signer);
    PKIFreeText text = new PKIFreeText("why");
    PKIFailureInfo info = new PKIFailureInfo(PKIFailureInfo.badPOP | PKIFailureInfo.notAuthorized);
    PKIStatusInfo rejection = new PKIStatusInfo(PKIStatus.rejection, text, info);
    CMPCertificate issued = new CMPCertificate(certificate.toASN1Structure());
    CertResponse granted =
        new CertResponse(
            new ASN1Integer(-1),
            new PKIStatusInfo(PKIStatus.granted),
            new CertifiedKeyPair(new CertOrEncCert(issued)),
            null);
    CertResponse refused = new CertResponse(new ASN1Integer(0), rejection);
    CertResponse[] responses = {granted, refused};
    InfoTypeAndValue[] infos = {
      new InfoTypeAndValue(CMPObjectIdentifiers.id_it_caCerts),
      new InfoTypeAndValue(new ASN1ObjectIdentifier("1.2.3"), new DERUTF8String("value")),
    };
    return new PKIBody[] {
      new PKIBody(PKIBody.TYPE_CERT_CONFIRM, accepted.build(digests).toASN1Structure()),
      new PKIBody(PKIBody.TYPE_REVOCATION_REQ, new RevReqContent(revoked.build().toASN1Structure())),
      new PKIBody(PKIBody.TYPE_P10_CERT_REQ, pkcs10.toASN1Structure()),
      new PKIBody(PKIBody.TYPE_ERROR, new ErrorMsgContent(rejection, new ASN1Integer(70000), text)),
      new PKIBody(PKIBody.TYPE_CERT_REP, new CertRepMessage(new CMPCertificate[] {issued}, responses)),
      new PKIBody(PKIBody.TYPE_GEN_MSG, new GenMsgContent(infos)),
      new PKIBody(PKIBody.TYPE_POLL_REQ, new PollReqContent(new ASN1Integer(-1))),
      new PKIBody(PKIBody.TYPE_POLL_REP, new PollRepContent(new ASN1Integer(0), new ASN1Integer(5), text)),
      new PKIBody(PKIBody.TYPE_CONFIRM, new org.bouncycastle.asn1.cmp.PKIConfirmContent()),
    };
  }
}
