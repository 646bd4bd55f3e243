import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.jcajce.PKIXExtendedParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * What the JDK and Bouncy Castle say of paths and of signatures (RFC 5280 section 6, CRLs included): one start for all of them.
 * Reads lines of fields between tabs; names of files in one field have commas between them.
 *
 * path, name, leaf and intermediates, trust anchor, CRLs, policy that must be valid for the path
 * signature, name, certificate, algorithm, message, signature
 *
 * Writes lines: judge, name, "accepted" or what was thrown; first judge, "version", version.
 */
public final class PkixJudge {
  /** Each file is read once by each provider: checking the primes of an RSA key is most of the work. */
  private static final Map<String, X509Certificate> CERTIFICATES = new HashMap<>();
  private static final Map<String, CRL> LISTS = new HashMap<>();

  private PkixJudge() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, Provider> judges = new LinkedHashMap<>();
    // null: whichever of the JDK's own providers does it.
    judges.put("jdk", null);
    judges.put("bouncy-castle", new BouncyCastleProvider());
    System.out.println("jdk\tversion\t" + Runtime.version().feature());
    System.out.println("bouncy-castle\tversion\t" + judges.get("bouncy-castle").getInfo().replaceFirst(".* v", ""));
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] fields = line.split("\t");
      for (Map.Entry<String, Provider> judge : judges.entrySet())
        System.out.println(judge.getKey() + "\t" + fields[1] + "\t" + verdict(judge.getValue(), fields));
    }
  }

  private static String verdict(Provider provider, String[] fields) {
    try {
      if (fields[0].startsWith("path")) validate(provider, fields);
      else verify(provider, fields);
      return "accepted";
    } catch (Exception thrown) {
      return thrown.toString().replaceAll("\\s+", " ");
    }
  }

  private static void validate(Provider provider, String[] fields) throws Exception {
    List<Certificate> path = new ArrayList<>();
    for (String file : fields[2].split(",")) path.add(certificate(provider, file));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate(provider, fields[3]), null)));
    List<Object> lists = new ArrayList<>();
    for (String file : fields[4].split(",")) lists.add(list(provider, file));
    CollectionCertStoreParameters published = new CollectionCertStoreParameters(lists);
    parameters.addCertStore(
        provider == null ? CertStore.getInstance("Collection", published) : CertStore.getInstance("Collection", published, provider));
    parameters.setRevocationEnabled(true);
    parameters.setExplicitPolicyRequired(true);
    parameters.setInitialPolicies(Set.of(fields[5]));
    CertPathValidator validator =
        provider == null ? CertPathValidator.getInstance("PKIX") : CertPathValidator.getInstance("PKIX", provider);
    // The JDK reads no deltas, and has no word for them.
    boolean deltas = provider != null && fields[0].equals("path-with-deltas");
    validator.validate(
        factory(provider).generateCertPath(path),
        deltas ? new PKIXExtendedParameters.Builder(parameters).setUseDeltasEnabled(true).build() : parameters);
  }

  private static void verify(Provider provider, String[] fields) throws Exception {
    PublicKey key = certificate(provider, fields[2]).getPublicKey();
    Signature signature = provider == null ? Signature.getInstance(fields[3]) : Signature.getInstance(fields[3], provider);
    signature.initVerify(key);
    signature.update(Files.readAllBytes(Path.of(fields[4])));
    if (!signature.verify(Files.readAllBytes(Path.of(fields[5])))) throw new SecurityException("the signature is wrong");
  }

  private static CertificateFactory factory(Provider provider) throws Exception {
    return provider == null ? CertificateFactory.getInstance("X.509") : CertificateFactory.getInstance("X.509", provider);
  }

  private static X509Certificate certificate(Provider provider, String file) throws Exception {
    String name = provider + " " + file;
    if (!CERTIFICATES.containsKey(name)) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        CERTIFICATES.put(name, (X509Certificate) factory(provider).generateCertificate(in));
      }
    }
    return CERTIFICATES.get(name);
  }

  private static CRL list(Provider provider, String file) throws Exception {
    String name = provider + " " + file;
    if (!LISTS.containsKey(name)) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        LISTS.put(name, factory(provider).generateCRL(in));
      }
    }
    return LISTS.get(name);
  }
}
