import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.est.AttrOrOID;
import org.bouncycastle.asn1.est.CsrAttrs;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.est.CACertsResponse;
import org.bouncycastle.est.ESTAuth;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JcaJceUtils;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Enrols and re-enrols with the EST client of Bouncy Castle. Arguments: the server as host:port, the
 * trusted certificates (PEM), a file with a line for each certificate: label, reference, secret,
 * common name, DNS name or nothing, EC or RSA, folder for certificate.pem, and `renew` to renew it into
 * renewed.pem. The template of csrattrs (RFC 9908) says what the request contains.
 */
public final class EstClient {
  private static final ASN1ObjectIdentifier TEMPLATE = new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.61");
  private static final ASN1ObjectIdentifier EXTENSIONS = new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.62");
  private static final ASN1ObjectIdentifier COMMON_NAME = new ASN1ObjectIdentifier("2.5.4.3");

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    for (String line : Files.readAllLines(Path.of(args[2]))) {
      String[] fields = line.split("\t", -1);
      System.out.println(fields[0] + "\t" + enrol(args[0], args[1], fields));
    }
  }

  private static String enrol(String server, String trust, String[] fields) throws Exception {
    X509TrustManager[] trusted = trustIn(trust);
    ESTService service = new JsseESTServiceBuilder(server, trusted).withLabel(fields[0]).build();
    CACertsResponse authorities = service.getCACerts();
    int count = authorities.getCertificateStore().getMatches(null).size();
    ESTAuth secret = new JcaHttpAuthBuilder("PFCNG EST", fields[1], fields[2].toCharArray()).build();
    KeyPair first = newKey(fields[5]);
    byte[] attributes = service.getCSRAttributes().getAttributesResponse().getEncoded();
    PKCS10CertificationRequest request = filled(attributes, fields[3], fields[4], first);
    EnrollmentResponse enrolled = service.simpleEnroll(false, request, secret);
    X509CertificateHolder certificate = only(enrolled);
    write(Path.of(fields[6], "certificate.pem"), certificate);

    if (!fields[7].equals("renew")) return count + " CAs";
    JsseESTServiceBuilder builder = new JsseESTServiceBuilder(server, trusted);
    builder.withLabel(fields[0]);
    KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    X509Certificate own = read(certificate);
    store.setKeyEntry("own", first.getPrivate(), new char[0], new X509Certificate[] {own});
    managers.init(store, new char[0]);
    builder.withKeyManagers(managers.getKeyManagers());
    KeyPair second = newKey(fields[5]);
    PKCS10CertificationRequestBuilder again =
        new JcaPKCS10CertificationRequestBuilder(certificate.getSubject(), second.getPublic());
    Extension names = certificate.getExtension(Extension.subjectAlternativeName);
    if (names != null) again.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(names));
    EnrollmentResponse renewed = builder.build().simpleEnroll(true, signed(again, second), null);
    write(Path.of(fields[6], "renewed.pem"), only(renewed));
    return count + " CAs";
  }

  /** The request that the template asks for; a common name and a DNS name fill its gaps. */
  private static PKCS10CertificationRequest filled(byte[] attributes, String name, String dns, KeyPair key)
      throws Exception {
    ASN1Sequence template = null;
    for (AttrOrOID one : CsrAttrs.getInstance(attributes).getAttrOrOIDs())
      if (!one.isOid() && one.getAttribute().getAttrType().equals(TEMPLATE))
        template = ASN1Sequence.getInstance(one.getAttribute().getAttrValues().getObjectAt(0));
    if (template == null) throw new IllegalStateException("no template");
    X500NameBuilder subject = new X500NameBuilder();
    for (ASN1Encodable rdn : ASN1Sequence.getInstance(template.getObjectAt(1)))
      for (ASN1Encodable attribute : ASN1Set.getInstance(rdn)) {
        ASN1Sequence pair = ASN1Sequence.getInstance(attribute);
        ASN1ObjectIdentifier type = ASN1ObjectIdentifier.getInstance(pair.getObjectAt(0));
        if (pair.size() > 1) subject.addRDN(type, pair.getObjectAt(1));
        else if (type.equals(COMMON_NAME)) subject.addRDN(type, new DERUTF8String(name));
      }
    PKCS10CertificationRequestBuilder request = new JcaPKCS10CertificationRequestBuilder(subject.build(), key.getPublic());
    if (!dns.isEmpty()) {
      if (!template.toString().contains(EXTENSIONS.getId())) throw new IllegalStateException("no names asked for");
      GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, dns));
      Extension extension = new Extension(Extension.subjectAlternativeName, false, names.getEncoded());
      request.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(extension));
    }
    return signed(request, key);
  }

  private static PKCS10CertificationRequest signed(PKCS10CertificationRequestBuilder request, KeyPair key)
      throws Exception {
    String algorithm = key.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    ContentSigner signer = new JcaContentSignerBuilder(algorithm).build(key.getPrivate());
    return request.build(signer);
  }

  private static KeyPair newKey(String type) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
    if (type.equals("EC")) generator.initialize(new ECGenParameterSpec("secp256r1"));
    else generator.initialize(3072);
    return generator.generateKeyPair();
  }

  private static X509CertificateHolder only(EnrollmentResponse response) {
    if (!response.isCompleted()) throw new IllegalStateException("not completed");
    var found = response.getStore().getMatches(null);
    if (found.size() != 1) throw new IllegalStateException(found.size() + " certificates");
    return found.iterator().next();
  }

  private static X509TrustManager[] trustIn(String file) throws Exception {
    try (var in = Files.newInputStream(Path.of(file))) {
      Set<TrustAnchor> anchors = new java.util.HashSet<>();
      for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in))
        anchors.add(new TrustAnchor((X509Certificate) one, null));
      return JcaJceUtils.getCertPathTrustManager(anchors, null);
    }
  }

  private static X509Certificate read(X509CertificateHolder holder) throws Exception {
    var octets = new java.io.ByteArrayInputStream(holder.getEncoded());
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(octets);
  }

  private static void write(Path file, X509CertificateHolder certificate) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }
}
